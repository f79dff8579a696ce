import { canonicalJson } from "../kit/digest.ts";
import { Plan } from "../plan/schema.ts";
import { branchesOf, defaultOf, elementOf, fieldsOf, type Schema } from "../plan/shape.ts";
import type { Amended } from "./amended.ts";

/** By what the items of a list are known, the first that they have. */
const NAMES = ["id", "name", "role", "field"] as const;

type Values = Readonly<Record<string, unknown>>;

/**
 * Lays parts of a plan over a plan, whatever they are: fills in fields that it leaves out, joins lists by what
 * their items are called, and refuses what it says otherwise. So a part of a plan that is added to the schema
 * can be demanded from then on.
 */
export function demandParts(amended: Amended, parts: Values): void {
  if (Object.keys(parts).length === 0) return;
  const merged = mergeFields(amended, [], amended.plan, parts, Plan);
  amended.set(merged as Partial<Plan>);
}

function mergeFields(
  amended: Amended,
  where: readonly (string | number)[],
  has: Values,
  asked: Values,
  schema: Schema | undefined,
): Values {
  const changed = Object.entries(asked).map(([field, value]) => {
    const inner = schema === undefined ? undefined : fieldOf(schema, field);
    return [field, merge(amended, [...where, field], has[field], value, inner)];
  });
  return { ...has, ...Object.fromEntries(changed) };
}

function merge(
  amended: Amended,
  where: readonly (string | number)[],
  has: unknown,
  asked: unknown,
  schema: Schema | undefined,
): unknown {
  if (has === undefined) return asked;
  if (Array.isArray(has) && Array.isArray(asked)) return mergeLists(amended, where, has, asked, schema);
  // What is only the default is as good as left out; of a choice, the whole of it.
  const isLeftOut = schema !== undefined && isEqual(has, parsedAs(schema, defaultOf(schema)));
  if (isLeftOut && branchesOf(schema) !== undefined) return asked;
  if (isValues(has) && isValues(asked)) return mergeFields(amended, where, has, asked, schema);
  if (isEqual(has, parsedAs(schema, asked))) return has;
  if (isLeftOut) return asked;
  const said = JSON.stringify(asked);
  amended.weaker(
    "require",
    where,
    `${where.join(".")} is ${said}, not ${JSON.stringify(has)}`,
    `write ${where.at(-1)}: ${said}`,
  );
  return has;
}

function mergeLists(
  amended: Amended,
  where: readonly (string | number)[],
  has: readonly unknown[],
  asked: readonly unknown[],
  schema: Schema | undefined,
): unknown[] {
  const element = schema === undefined ? undefined : elementOf(schema);
  const list = [...has];
  for (const item of asked) {
    const name = isValues(item) ? NAMES.find((one) => item[one] !== undefined) : undefined;
    const index = list.findIndex((one) =>
      name === undefined
        ? isEqual(one, parsedAs(element, item))
        : isValues(one) && isValues(item) && one[name] === item[name],
    );
    const found = list[index];
    if (index < 0) list.push(item);
    else if (isValues(found) && isValues(item)) {
      list[index] = mergeFields(amended, [...where, index], found, item, element);
    }
  }
  return list;
}

/** The schema of a field; of a union, of the first branch that has it. */
function fieldOf(schema: Schema, field: string): Schema | undefined {
  return (
    fieldsOf(schema)?.[field] ??
    branchesOf(schema)
      ?.map((branch) => fieldsOf(branch)?.[field])
      .find((found) => found !== undefined)
  );
}

/** The canonical form of what was written, or what was written where there is none. */
function parsedAs(schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined || value === undefined) return value;
  const result = (schema as unknown as typeof Plan).safeParse(value);
  return result.success ? result.data : value;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
