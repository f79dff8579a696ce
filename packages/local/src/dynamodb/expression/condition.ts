import { type ExpressionKind, type Mentions, type Path, Reader } from "./reader.ts";

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Operand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "size"; readonly of: Operand };

export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly condition: Condition }
  | {
      readonly kind: "compare";
      readonly by: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: "exists" | "not-exists"; readonly path: Path }
  | { readonly kind: "type"; readonly path: Path; readonly type: Operand }
  | { readonly kind: "begins" | "contains"; readonly operand: Operand; readonly part: Operand };

export interface ParsedCondition {
  readonly condition: Condition;
  readonly mentions: Mentions;
}

const MOST_AMONG = 100;
const COMPARATORS: readonly string[] = ["=", "<>", "<", "<=", ">", ">="] satisfies Comparator[];

/**
 * Loosest first: OR, AND, NOT, then comparisons.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function parseCondition(kind: ExpressionKind, text: string): ParsedCondition {
  const reader = new Reader(kind, text);
  const condition = either(reader);
  return { condition, mentions: reader.end() };
}

function either(reader: Reader): Condition {
  let left = both(reader);
  while (reader.takes("OR")) left = { kind: "or", left, right: both(reader) };
  return left;
}

function both(reader: Reader): Condition {
  let left = negated(reader);
  while (reader.takes("AND")) left = { kind: "and", left, right: negated(reader) };
  return left;
}

function negated(reader: Reader): Condition {
  return reader.takes("NOT") ? { kind: "not", condition: negated(reader) } : primary(reader);
}

function primary(reader: Reader): Condition {
  if (reader.takes("(")) {
    const inner = either(reader);
    reader.expect(")");
    return inner;
  }
  return test(reader) ?? comparison(reader);
}

/** The functions that are conditions by themselves. */
function test(reader: Reader): Condition | undefined {
  const { kind, text } = reader.token;
  if (kind !== "name" || reader.following?.text !== "(" || text === "size") return undefined;
  reader.take();
  reader.expect("(");
  const condition = call(reader, text);
  reader.expect(")");
  return condition;
}

function call(reader: Reader, name: string): Condition {
  switch (name) {
    case "attribute_exists":
      return { kind: "exists", path: reader.path() };
    case "attribute_not_exists":
      return { kind: "not-exists", path: reader.path() };
    case "attribute_type": {
      const path = reader.path();
      reader.expect(",");
      return { kind: "type", path, type: operand(reader) };
    }
    case "begins_with":
    case "contains": {
      const subject = operand(reader);
      reader.expect(",");
      return { kind: name === "contains" ? "contains" : "begins", operand: subject, part: operand(reader) };
    }
    default:
      throw reader.problem(`Invalid function name; function: ${name}`);
  }
}

function comparison(reader: Reader): Condition {
  const left = operand(reader);
  if (reader.takes("BETWEEN")) {
    const low = operand(reader);
    reader.expect("AND");
    return { kind: "between", operand: left, low, high: operand(reader) };
  }
  if (reader.takes("IN")) return { kind: "in", operand: left, among: among(reader) };
  const { kind, text } = reader.token;
  if (kind !== "symbol" || !COMPARATORS.includes(text)) throw reader.unexpected();
  reader.take();
  return { kind: "compare", by: text as Comparator, left, right: operand(reader) };
}

function among(reader: Reader): Operand[] {
  reader.expect("(");
  const operands = [operand(reader)];
  while (reader.takes(",")) operands.push(operand(reader));
  reader.expect(")");
  if (operands.length > MOST_AMONG) {
    throw reader.problem(
      `The IN operator is provided with too many operands; number of operands: ${operands.length}`,
    );
  }
  return operands;
}

function operand(reader: Reader): Operand {
  if (reader.token.kind === "value") return { kind: "value", value: reader.value() };
  if (reader.token.text === "size" && reader.following?.text === "(") {
    reader.take();
    reader.expect("(");
    const of = operand(reader);
    reader.expect(")");
    return { kind: "size", of };
  }
  if (reader.takes("(")) {
    const inner = operand(reader);
    reader.expect(")");
    return inner;
  }
  return { kind: "path", path: reader.path() };
}
