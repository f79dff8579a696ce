import { blockContains, parseAddress, parseBlock } from "./cidr.ts";
import type { Scalar } from "./fields.ts";
import { parseAnythingBut } from "./pattern-anything-but.ts";
import { parseNumeric } from "./pattern-numeric.ts";
import { PatternProblem } from "./pattern-problem.ts";
import { parseWildcard, refuseComplex, type Wildcard, wildcardMatches } from "./wildcard.ts";

/** One of the alternatives that a pattern gives for a field. */
export type ValueTest =
  | { readonly kind: "exact"; readonly value: Scalar }
  | { readonly kind: "test"; readonly accepts: (value: Scalar) => boolean; readonly wildcards?: Wildcard[] }
  | { readonly kind: "absent" };

const onlyOne = "Only one key allowed in match expression";

/**
 * Reads one member of a field's array. The messages are event-ruler's, which EventBridge hands through.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function parseValueTest(value: unknown): ValueTest {
  if (Array.isArray(value)) {
    throw new PatternProblem("Match value must be String, number, true, false, or null");
  }
  if (typeof value === "object" && value !== null) return parseOperator(value);
  if (typeof value === "string") {
    // An address matches however it is written.
    const address = parseAddress(value);
    if (address !== undefined) return addressTest((other) => other?.number === address.number);
  }
  return { kind: "exact", value: value as Scalar };
}

function parseOperator(expression: object): ValueTest {
  const [entry, ...more] = Object.entries(expression);
  if (entry === undefined) throw new PatternProblem("Match expression name not found");
  const [operator, operand] = entry;
  const test = parseOperand(operator, operand);
  if (more.length > 0) {
    const tooMany = operator === "numeric" || operator === "anything-but";
    throw new PatternProblem(tooMany ? "Too many elements in numeric expression" : onlyOne);
  }
  return test;
}

function parseOperand(operator: string, operand: unknown): ValueTest {
  switch (operator) {
    case "prefix":
      return affixTest("prefix", operand, (value, part) => value.startsWith(part));
    case "suffix":
      return affixTest("suffix", operand, (value, part) => value.endsWith(part));
    case "equals-ignore-case": {
      const wanted = stringOf(operand, "equals-ignore-case").toLowerCase();
      return stringTest((value) => value.toLowerCase() === wanted);
    }
    case "wildcard": {
      const wildcard = parseWildcard(stringOf(operand, "wildcard"));
      refuseComplex([wildcard]);
      return stringTest((value) => wildcardMatches(wildcard, value));
    }
    case "numeric":
      return { kind: "test", accepts: parseNumeric(operand) };
    case "anything-but":
      return { kind: "test", accepts: parseAnythingBut(operand) };
    case "exists":
      if (typeof operand !== "boolean") {
        throw new PatternProblem("exists match pattern must be either true or false.");
      }
      return operand ? { kind: "test", accepts: () => true } : { kind: "absent" };
    case "cidr": {
      // The word "prefix" is event-ruler's own slip.
      const block = parseBlock(stringOf(operand, "prefix"));
      return addressTest((address) => address !== undefined && blockContains(block, address));
    }
    default:
      throw new PatternProblem(`Unrecognized match type ${operator}`);
  }
}

function affixTest(
  name: "prefix" | "suffix",
  operand: unknown,
  matches: (value: string, part: string) => boolean,
): ValueTest {
  if (typeof operand !== "object" || operand === null || Array.isArray(operand)) {
    const part = stringOf(operand, name);
    return stringTest((value) => matches(value, part));
  }
  const [entry, ...more] = Object.entries(operand);
  const title = name === "prefix" ? "Prefix" : "Suffix";
  if (entry === undefined) throw new PatternProblem(`${title} expression name not found`);
  if (entry[0] !== "equals-ignore-case") throw new PatternProblem(`Unsupported ${name} pattern: ${entry[0]}`);
  const part = stringOf(entry[1], "equals-ignore-case").toLowerCase();
  if (more.length > 0) throw new PatternProblem(onlyOne);
  return stringTest((value) => matches(value.toLowerCase(), part));
}

function stringOf(operand: unknown, name: string): string {
  if (typeof operand !== "string") throw new PatternProblem(`${name} match pattern must be a string`);
  return operand;
}

function stringTest(accepts: (value: string) => boolean): ValueTest {
  return { kind: "test", accepts: (value) => typeof value === "string" && accepts(value) };
}

function addressTest(accepts: (address: ReturnType<typeof parseAddress>) => boolean): ValueTest {
  return { kind: "test", accepts: (value) => typeof value === "string" && accepts(parseAddress(value)) };
}
