import { compile } from "./query.ts";

/** What of JSONata's syntax tree is read here. */
type Node = { readonly type?: string; readonly value?: unknown } & Readonly<Record<string, unknown>>;

/**
 * Why Step Functions would refuse this expression, or undefined. There is no input document: what an
 * expression may read begins with `$states` or a variable.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#transforming-jsonata-syntax
 */
export function queryProblem(expression: string): string | undefined {
  if (expression === "") return "the expression is empty";
  let tree: Node;
  try {
    tree = compile(expression).ast() as unknown as Node;
  } catch (error) {
    const { code, message, position } = error as { code?: string; message?: string; position?: number };
    return `${code ?? "JSONata"} at position ${position ?? 0}: ${message}`;
  }
  return problemIn(tree, false);
}

/** Evaluated against what the path so far has found: a field name there is that thing's field. */
const INNER = ["predicate", "stages", "group", "pattern", "update", "delete"];

/** @param inner whether `$` and field names mean something here */
function problemIn(node: unknown, inner: boolean): string | undefined {
  if (Array.isArray(node)) return first(node, (item) => problemIn(item, inner));
  if (typeof node !== "object" || node === null || node instanceof RegExp) return undefined;
  const { type, value, ...rest } = node as Node;
  if (type === "variable") {
    if (value === "$") return "$$ is not supported; the state's input is $states.input";
    if (value === "" && !inner)
      return "$ is not supported at the top level; the state's input is $states.input";
    if (value === "eval") return "$eval is not supported";
  }
  if (!inner && type === "name") {
    return `the field name '${String(value)}' stands alone; write $states.input.${String(value)} or a variable`;
  }
  if (!inner && (type === "wildcard" || type === "descendant" || type === "parent")) {
    return "a wildcard or parent operator stands alone; begin with $states.input or a variable";
  }
  if (type === "path" && Array.isArray(rest.steps)) {
    const [start, ...steps] = rest.steps;
    return problemIn(start, inner) ?? problemIn(steps, true) ?? problemIn(rest.group, true);
  }
  return first(Object.entries(rest), ([key, child]) => problemIn(child, inner || INNER.includes(key)));
}

function first<T>(items: readonly T[], problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
