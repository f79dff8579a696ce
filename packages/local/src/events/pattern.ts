import { type Fields, flatten } from "./fields.ts";
import { branchMatches } from "./match.ts";
import { type Branch, compile } from "./pattern-compile.ts";
import { PatternProblem } from "./pattern-problem.ts";

/** A compiled event pattern. */
export interface Pattern {
  readonly kind: "pattern";
  readonly branches: readonly Branch[];
}

export interface InvalidPattern {
  readonly kind: "invalid";
  /** As AWS says it in InvalidEventPatternException; a second line says where. */
  readonly message: string;
}

/**
 * Compiles an event pattern.
 *
 *     const pattern = parsePattern('{"source":["aws.cloudwatch"],"detail":{"state":{"value":["ALARM"]}}}');
 *     if (pattern.kind === "pattern" && matches(pattern, event)) …
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function parsePattern(json: string): Pattern | InvalidPattern {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return invalid("Filter is not an object");
  }
  try {
    return { kind: "pattern", branches: compile(parsed) };
  } catch (error) {
    if (error instanceof PatternProblem) return invalid(error.message);
    throw error;
  }
}

export function matches(pattern: Pattern, event: object): boolean {
  return matchesFields(pattern, flatten(event));
}

/** As `matches`, for an event that many patterns are held against. */
export function matchesFields(pattern: Pattern, fields: Fields): boolean {
  return pattern.branches.some((branch) => branchMatches(branch, fields));
}

function invalid(reason: string): InvalidPattern {
  return { kind: "invalid", message: `Event pattern is not valid. Reason: ${reason}` };
}
