import jsonata from "jsonata";
import { StateFailed } from "./failure.ts";
import { type Ambient, queryFunctions } from "./query-functions.ts";

/** What an expression can see. */
export interface Bindings {
  readonly states: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly ambient: Ambient;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/** The JSONata inside `{% … %}`, trimmed; undefined when the string is only a string. */
export function expressionIn(text: string): string | undefined {
  return EXPRESSION.exec(text)?.[1]?.trim();
}

const MOST_CACHED = 5_000;
const compiled = new Map<string, jsonata.Expression>();

/** Throws what the JSONata parser throws. */
export function compile(expression: string): jsonata.Expression {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const made = jsonata(expression);
  if (compiled.size >= MOST_CACHED) compiled.clear();
  compiled.set(expression, made);
  return made;
}

/**
 * Evaluates a template: each `{% … %}` string in it, at any depth, gives way to its value.
 * @param location the field, as the history names it: `Output`, then `Output/result`
 * Throws StateFailed with States.QueryEvaluationError.
 */
export async function evaluate(template: unknown, bindings: Bindings, location: string): Promise<unknown> {
  if (typeof template === "string") {
    const expression = expressionIn(template);
    return expression === undefined ? template : await query(expression, bindings, location);
  }
  if (Array.isArray(template)) {
    const values: unknown[] = [];
    for (const [index, item] of template.entries()) {
      values.push(await evaluate(item, bindings, `${location}[${index}]`));
    }
    return values;
  }
  if (typeof template === "object" && template !== null) {
    const fields: [string, unknown][] = [];
    for (const [name, value] of Object.entries(template)) {
      fields.push([name, await evaluate(value, bindings, `${location}/${name}`)]);
    }
    return Object.fromEntries(fields);
  }
  return template;
}

async function query(expression: string, bindings: Bindings, location: string): Promise<unknown> {
  let value: unknown;
  try {
    value = await compile(expression).evaluate(undefined, {
      ...bindings.variables,
      ...queryFunctions(bindings.ambient),
      states: bindings.states,
    });
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const said = [code, message].filter((part) => part !== undefined).join(": ");
    throw queryFailed(location, `${about(expression, location)} threw an error during evaluation. ${said}`);
  }
  // Sequences and numbers that are no JSON become what they are in JSON.
  const text = JSON.stringify(value, (_name, inner: unknown) => {
    if (!isFunction(inner)) return inner;
    throw queryFailed(location, `${about(expression, location)} returned a function, which is not JSON.`);
  });
  if (text === undefined) {
    throw queryFailed(location, `${about(expression, location)} returned nothing (undefined).`);
  }
  return JSON.parse(text);
}

/** As `evaluate`, for a field that must be of one type. Throws StateFailed. */
export async function evaluateTyped<T>(
  template: unknown,
  bindings: Bindings,
  location: string,
  expected: { readonly name: string; is(value: unknown): value is T },
): Promise<T> {
  const value = await evaluate(template, bindings, location);
  if (expected.is(value)) return value;
  const what =
    typeof template === "string"
      ? about(expressionIn(template) ?? template, location)
      : `The value specified for the field '${location}'`;
  throw queryFailed(
    location,
    `${what} returned an unexpected result type. Expected '${expected.name}', but was '${typeName(value)}'.`,
  );
}

const is =
  <T>(test: (value: unknown) => boolean) =>
  (value: unknown): value is T =>
    test(value);

export const BOOLEAN = { name: "boolean", is: is<boolean>((value) => typeof value === "boolean") };
export const STRING = { name: "string", is: is<string>((value) => typeof value === "string") };
export const ARRAY = { name: "array", is: is<unknown[]>((value) => Array.isArray(value)) };
export const SECONDS = {
  name: "non-negative integer",
  is: is<number>((value) => Number.isInteger(value) && Number(value) >= 0),
};
export const POSITIVE_SECONDS = {
  name: "positive integer",
  is: is<number>((value) => Number.isInteger(value) && Number(value) > 0),
};

function isFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  return "_jsonata_lambda" in value || "_jsonata_function" in value;
}

function about(expression: string, location: string): string {
  return `The JSONata expression '${expression}' specified for the field '${location}'`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function queryFailed(location: string, cause: string): StateFailed {
  return new StateFailed({ error: "States.QueryEvaluationError", cause, location });
}
