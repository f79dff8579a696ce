import { z } from "zod";
import { Probe } from "../check/schema.ts";
import { duration, ident, line, prose } from "../kit/schema.ts";

/** One line of the pre-deployment checklist. */
export const Check = z.strictObject({
  id: ident.describe("What answers refer to."),
  check: line.describe("What has to be true."),
  role: line.describe("Who answers for it."),
  notes: prose.optional().describe("What whoever answers should know."),
  within: duration
    .optional()
    .describe(
      "How long an answer counts, such as 7 days; older, it has to be given again. Unset: a person's for ever, a probe's as long as its kind does.",
    ),
  probe: Probe.optional().describe(
    "What answers in a person's place, again and again until the first shift.",
  ),
  override: z
    .enum(["two-people"])
    .optional()
    .describe("Who may step over a probe that does not say yes; unset: nobody."),
});
export type Check = z.infer<typeof Check>;

/** What to do about an alarm that is already red when the release wants to start. */
export const OnRed = z
  .discriminatedUnion("choice", [
    z.strictObject({ choice: z.literal("block") }).describe("Wait until it is no longer red."),
    z
      .strictObject({
        choice: z.literal("fix-forward"),
        reason: line.describe("Why this release is the fix."),
      })
      .describe(
        "This release is the fix: it starts with two approvals, and the red alarm does not roll it back.",
      ),
    z
      .strictObject({
        choice: z.literal("override"),
        reason: line.describe("Why it may start all the same."),
      })
      .describe("Start all the same, for this reason."),
  ])
  .default({ choice: "block" });
export type OnRed = z.infer<typeof OnRed>;
