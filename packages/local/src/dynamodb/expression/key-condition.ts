import { type Attribute, invalid, typeOf } from "../attribute.ts";
import type { Condition, Operand } from "./condition.ts";
import type { Scope } from "./scope.ts";

/** What a query asks of the sort key. */
export type SortRange =
  | { readonly kind: "compare"; readonly by: "=" | "<" | "<=" | ">" | ">="; readonly value: Attribute }
  | { readonly kind: "between"; readonly low: Attribute; readonly high: Attribute }
  | { readonly kind: "begins"; readonly prefix: Attribute };

export interface KeyCondition {
  readonly partition: Attribute;
  readonly sort?: SortRange;
}

/** One equality on the partition key and at most one condition on the sort key, joined by AND. */
export function readKeyCondition(
  condition: Condition,
  keys: { readonly partition: string; readonly sort?: string },
  scope: Scope,
): KeyCondition {
  const found = new Map<string, SortRange>();
  for (const part of parts(condition)) {
    const [name, range] = readPart(part, scope);
    if (found.has(name)) {
      throw invalid("KeyConditionExpressions must only contain one condition per key");
    }
    found.set(name, range);
  }
  const partition = found.get(keys.partition);
  if (partition === undefined) throw invalid(`Query condition missed key schema element: ${keys.partition}`);
  if (partition.kind !== "compare" || partition.by !== "=")
    throw invalid("Query key condition not supported");
  found.delete(keys.partition);
  const sort = keys.sort === undefined ? undefined : found.get(keys.sort);
  if (found.size > (sort === undefined ? 0 : 1)) {
    throw found.size > 1
      ? invalid("Conditions can be of length 1 or 2 only")
      : invalid(`Query condition missed key schema element: ${keys.sort ?? keys.partition}`);
  }
  return { partition: partition.value, ...(sort === undefined ? {} : { sort }) };
}

function parts(condition: Condition): Condition[] {
  if (condition.kind === "and") return [...parts(condition.left), ...parts(condition.right)];
  if (condition.kind === "or") throw invalidOperator("OR");
  if (condition.kind === "not") throw invalidOperator("NOT");
  return [condition];
}

function readPart(condition: Condition, scope: Scope): [string, SortRange] {
  switch (condition.kind) {
    case "compare": {
      if (condition.by === "<>") throw invalidOperator("<>");
      const { by } = condition;
      return [keyName(condition.left, scope), { kind: "compare", by, value: given(condition.right, scope) }];
    }
    case "between": {
      const { operand, low, high } = condition;
      return [keyName(operand, scope), { kind: "between", low: given(low, scope), high: given(high, scope) }];
    }
    case "begins": {
      const prefix = given(condition.part, scope);
      if (typeOf(prefix) === "N") {
        throw invalid(
          "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
        );
      }
      return [keyName(condition.operand, scope), { kind: "begins", prefix }];
    }
    case "in":
      throw invalidOperator("IN");
    case "contains":
      throw invalidOperator("contains");
    case "exists":
      throw invalidOperator("attribute_exists");
    case "not-exists":
      throw invalidOperator("attribute_not_exists");
    default:
      throw invalidOperator(condition.kind);
  }
}

function keyName(operand: Operand, scope: Scope): string {
  const [name, ...rest] = operand.kind === "path" ? operand.path : [];
  if (typeof name === "string" && rest.length === 0) return scope.name(name);
  throw invalid("Invalid KeyConditionExpression: a key condition must begin with the key's name");
}

function given(operand: Operand, scope: Scope): Attribute {
  if (operand.kind === "value") return scope.value(operand.value);
  throw invalid("Invalid KeyConditionExpression: a key can be compared with a :value only");
}

function invalidOperator(operator: string) {
  return invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
}
