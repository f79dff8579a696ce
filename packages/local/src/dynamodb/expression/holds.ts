import { type Attribute, type Item, invalid, typeOf } from "../attribute.ts";
import { elements, equal, order } from "../attribute-order.ts";
import type { Comparator, Condition, Operand } from "./condition.ts";
import type { ExpressionKind } from "./reader.ts";
import type { Scope } from "./scope.ts";

/** Whether the condition holds for the item; an item that is not there is an empty one. */
export function holds(condition: Condition, item: Item, scope: Scope): boolean {
  const read = (operand: Operand) => resolve(operand, item, scope);
  switch (condition.kind) {
    case "and":
      return holds(condition.left, item, scope) && holds(condition.right, item, scope);
    case "or":
      return holds(condition.left, item, scope) || holds(condition.right, item, scope);
    case "not":
      return !holds(condition.condition, item, scope);
    case "exists":
      return scope.find(item, condition.path) !== undefined;
    case "not-exists":
      return scope.find(item, condition.path) === undefined;
    case "compare":
      return compares(condition.by, read(condition.left), read(condition.right));
    case "between": {
      const value = read(condition.operand);
      return compares(">=", value, read(condition.low)) && compares("<=", value, read(condition.high));
    }
    case "in": {
      const value = read(condition.operand);
      return condition.among.some((one) => compares("=", value, read(one)));
    }
    case "type": {
      const found = scope.find(item, condition.path);
      const wanted = read(condition.type);
      return found !== undefined && wanted !== undefined && "S" in wanted && wanted.S === typeOf(found);
    }
    case "begins":
      return begins(read(condition.operand), read(condition.part));
    case "contains":
      return contains(read(condition.operand), read(condition.part));
  }
}

/** What DynamoDB refuses whatever the item: an order asked of a type that has none, a range upside down. */
export function checkOperands(kind: ExpressionKind, condition: Condition, scope: Scope): void {
  switch (condition.kind) {
    case "and":
    case "or":
      checkOperands(kind, condition.left, scope);
      checkOperands(kind, condition.right, scope);
      return;
    case "not":
      checkOperands(kind, condition.condition, scope);
      return;
    case "compare":
      if (condition.by === "=" || condition.by === "<>") return;
      for (const side of [condition.left, condition.right]) checkOrdered(kind, condition.by, side, scope);
      return;
    case "between": {
      for (const side of [condition.low, condition.high]) checkOrdered(kind, "BETWEEN", side, scope);
      checkRange(kind, condition.low, condition.high, scope);
      return;
    }
    case "begins":
      checkPart(kind, condition.part, scope);
      return;
    default:
      return;
  }
}

function checkOrdered(kind: ExpressionKind, operator: string, operand: Operand, scope: Scope): void {
  if (operand.kind !== "value") return;
  const type = typeOf(scope.value(operand.value));
  if (type === "S" || type === "N" || type === "B") return;
  throw wrongOperand(kind, operator, type);
}

function checkPart(kind: ExpressionKind, operand: Operand, scope: Scope): void {
  if (operand.kind !== "value") return;
  const type = typeOf(scope.value(operand.value));
  if (type !== "S" && type !== "B") throw wrongOperand(kind, "begins_with", type);
}

function wrongOperand(kind: ExpressionKind, operator: string, type: string) {
  return invalid(
    `Invalid ${kind}: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

function checkRange(kind: ExpressionKind, low: Operand, high: Operand, scope: Scope): void {
  if (low.kind !== "value" || high.kind !== "value") return;
  const [from, to] = [scope.value(low.value), scope.value(high.value)];
  if (typeOf(from) !== typeOf(to)) {
    throw invalid(
      `Invalid ${kind}: The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: ${shown(from)}, upper bound operand: AttributeValue: ${shown(to)}`,
    );
  }
  if ((order(from, to) ?? 0) <= 0) return;
  throw invalid(
    `Invalid ${kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: ${shown(from)}, upper bound operand: AttributeValue: ${shown(to)}`,
  );
}

function shown(value: Attribute): string {
  const [[type, text] = []] = Object.entries(value);
  return `{${type}:${text}}`;
}

function resolve(operand: Operand, item: Item, scope: Scope): Attribute | undefined {
  switch (operand.kind) {
    case "value":
      return scope.value(operand.value);
    case "path":
      return scope.find(item, operand.path);
    case "size": {
      const of = resolve(operand.of, item, scope);
      const size = of === undefined ? undefined : sizeFunction(of);
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

function sizeFunction(value: Attribute): number | undefined {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("L" in value) return value.L.length;
  if ("M" in value) return Object.keys(value.M).length;
  const set = elements(value);
  return set.length > 0 ? set.length : undefined;
}

/** What is absent differs from everything and can be compared with nothing. */
function compares(by: Comparator, left: Attribute | undefined, right: Attribute | undefined): boolean {
  if (left === undefined || right === undefined) return by === "<>";
  if (by === "=") return equal(left, right);
  if (by === "<>") return !equal(left, right);
  const found = order(left, right);
  if (found === undefined) return false;
  switch (by) {
    case "<":
      return found < 0;
    case "<=":
      return found <= 0;
    case ">":
      return found > 0;
    case ">=":
      return found >= 0;
  }
}

function begins(value: Attribute | undefined, part: Attribute | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if ("S" in value && "S" in part) return value.S.startsWith(part.S);
  if (!("B" in value && "B" in part)) return false;
  const wanted = Buffer.from(part.B, "base64");
  return Buffer.from(value.B, "base64").subarray(0, wanted.length).equals(wanted);
}

function contains(value: Attribute | undefined, part: Attribute | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if ("S" in value) return "S" in part && value.S.includes(part.S);
  if ("B" in value) {
    return "B" in part && Buffer.from(value.B, "base64").includes(Buffer.from(part.B, "base64"));
  }
  if ("L" in value) return value.L.some((element) => equal(element, part));
  if ("SS" in value) return "S" in part && value.SS.includes(part.S);
  if ("NS" in value) return "N" in part && value.NS.includes(part.N);
  return "BS" in value && "B" in part && value.BS.includes(part.B);
}
