import { z } from "zod";
import { duration, line } from "../kit/schema.ts";

const roles = z.union([line.transform((role) => [role]), z.array(line).min(1).max(40)]);

/** A role's sign-off on the plan's digest. */
export const ApprovalRule = z.strictObject({
  role: line.describe("The role that signs off."),
  or: roles.optional().describe("Roles that may sign in its place."),
  count: z
    .int()
    .min(1, "at least one person signs")
    .max(20)
    .optional()
    .describe("How many different people have to sign; one, if it is left out."),
  after: roles
    .optional()
    .describe("Roles that must have signed before; what they sign later does not count."),
  expires: duration
    .optional()
    .describe("How long a signature holds until something is shifted; left out, it holds."),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** The roles whose holders may sign under a rule. */
export function signersOf(rule: ApprovalRule): string[] {
  return [rule.role, ...(rule.or ?? [])];
}

/** The rule that a role signs under: its own before one that it stands in for. */
export function ruleFor(rules: readonly ApprovalRule[], role: string): ApprovalRule | undefined {
  return rules.find((rule) => rule.role === role) ?? rules.find((rule) => rule.or?.includes(role) === true);
}
