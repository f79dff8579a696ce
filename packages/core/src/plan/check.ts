import { checkValue } from "../kit/check-value.ts";
import type { Problem } from "../kit/problem.ts";
import { Plan } from "./schema.ts";

/** Checks a plan that is already a value: one that came as JSON through the API. */
export function checkPlan(value: unknown): { plan?: Plan; problems: Problem[] } {
  const { value: plan, problems } = checkValue(value, "plan", Plan);
  return { ...(plan === undefined ? {} : { plan }), problems };
}
