import { checkValue } from "../kit/check-value.ts";
import type { Problem } from "../kit/problem.ts";
import { readChecked } from "../plan/read.ts";
import { policyProblems } from "./check.ts";
import { Policy } from "./schema.ts";

export interface ReadPolicy {
  /** Present only when it could be read. */
  readonly policy?: Policy;
  readonly problems: readonly Problem[];
}

/** Reads a policy from YAML or JSON, and says what of it can never be satisfied. Never throws. */
export function readPolicy(text: string, file = "policy.yaml"): ReadPolicy {
  const read = readChecked(text, file, (given) => checkValue(given, "policy", Policy));
  const { value, locate } = read;
  const problems = read.problems.map((one) => ({ ...one, code: one.code.replace(/^plan\./, "policy.") }));
  if (value === undefined) return { problems };
  const found = policyProblems(value).map((problem) => ({
    ...problem,
    place: locate(problem.pointer ?? ""),
  }));
  return { policy: value, problems: [...problems, ...found] };
}
