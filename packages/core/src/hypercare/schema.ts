import { z } from "zod";
import { days } from "../kit/duration.ts";
import { duration, ident, line } from "../kit/schema.ts";

/** One line of the hypercare's checklist. */
export const HypercareCheck = z.strictObject({
  id: ident.describe("What its results refer to."),
  check: line.describe("What is looked at."),
  owner: line.describe("The role that answers, and that is told when it fails."),
  metric: ident.optional().describe("The metric that is read for it; unset: its owner answers."),
  threshold: line
    .optional()
    .describe("What passes, where that is not the metric's own threshold; may be relative to the baseline."),
});
export type HypercareCheck = z.infer<typeof HypercareCheck>;

/** The care that a release gets once it is rolled out: every day for a week, then every two days. */
export const HypercareRule = z.strictObject({
  for: duration.default(days(28)).describe("How long it goes on after the rollout, at most 90 days."),
  checks: z.array(HypercareCheck).min(1).max(40).describe("What is looked at each time."),
});
export type HypercareRule = z.infer<typeof HypercareRule>;
