import { z } from "zod";
import type { Plan } from "../plan/schema.ts";

/** How much a change asks of those who let it through. */
export const ChangeClass = z.enum(["standard", "elevated", "emergency"]);
export type ChangeClass = z.infer<typeof ChangeClass>;

/** A plan that does not say is a standard change. */
export function changeClassOf(plan: Pick<Plan, "changeClass">): ChangeClass {
  return plan.changeClass ?? "standard";
}
