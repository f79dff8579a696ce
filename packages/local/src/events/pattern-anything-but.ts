import type { Scalar } from "./fields.ts";
import { PatternProblem } from "./pattern-problem.ts";
import { parseWildcard, refuseComplex, wildcardMatches } from "./wildcard.ts";

type Test = (value: Scalar) => boolean;

/** Accepts what is there and is none of the operand's values; a field that is missing is not there. */
export function parseAnythingBut(operand: unknown): Test {
  if (typeof operand !== "object" || operand === null || Array.isArray(operand)) return parseValues(operand);
  const [entry, ...more] = Object.entries(operand);
  if (entry === undefined) throw new PatternProblem("Anything-But expression name not found");
  const test = parseKind(entry[0], entry[1]);
  if (more.length > 0) throw new PatternProblem("Too many elements in numeric expression");
  return test;
}

function parseValues(operand: unknown): Test {
  const values = listOf(operand);
  for (const value of values) {
    if (typeof value !== "string" && typeof value !== "number") {
      throw new PatternProblem("Inside anything but list, start|null|boolean is not supported.");
    }
  }
  const [first] = values;
  if (first === undefined || values.some((value) => typeof value !== typeof first)) {
    throw new PatternProblem(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  const refused = new Set(values);
  return (value) => !refused.has(value);
}

function parseKind(kind: string, operand: unknown): Test {
  switch (kind) {
    case "equals-ignore-case": {
      const refused = new Set(
        stringsOf(
          operand,
          "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
        ).map((value) => value.toLowerCase()),
      );
      return unless((value) => refused.has(value.toLowerCase()));
    }
    case "prefix": {
      const prefixes = affixesOf(operand);
      return unless((value) => prefixes.some((prefix) => value.startsWith(prefix)));
    }
    case "suffix": {
      const suffixes = affixesOf(operand);
      return unless((value) => suffixes.some((suffix) => value.endsWith(suffix)));
    }
    case "wildcard": {
      const texts = stringsOf(operand, "wildcard match pattern must be a string");
      const wildcards = texts.map((text) => parseWildcard(text));
      refuseComplex(wildcards);
      return unless((value) => wildcards.some((wildcard) => wildcardMatches(wildcard, value)));
    }
    default:
      throw new PatternProblem(`Unsupported anything-but pattern: ${kind}`);
  }
}

/** Values that are no strings match: they are anything but that. */
function unless(refused: (value: string) => boolean): Test {
  return (value) => typeof value !== "string" || !refused(value);
}

function affixesOf(operand: unknown): string[] {
  const affixes = stringsOf(operand, "prefix/suffix match pattern must be a string");
  if (affixes.includes("")) throw new PatternProblem("Null prefix/suffix not allowed");
  return affixes;
}

function stringsOf(operand: unknown, otherwise: string): string[] {
  return listOf(operand).map((value) => {
    if (typeof value !== "string") throw new PatternProblem(otherwise);
    return value;
  });
}

function listOf(operand: unknown): unknown[] {
  if (Array.isArray(operand)) return operand;
  if (typeof operand === "string" || typeof operand === "number") return [operand];
  throw new PatternProblem("Value of anything-but must be an array or single string/number value.");
}
