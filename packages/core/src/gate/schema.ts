import { z } from "zod";
import { ident, line, prose } from "../kit/schema.ts";

/** One line of the pre-deployment checklist. */
export const Check = z.strictObject({
  id: ident.describe("What answers refer to."),
  check: line.describe("What has to be true."),
  role: line.describe("Who answers for it."),
  notes: prose.optional().describe("What whoever answers should know."),
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
