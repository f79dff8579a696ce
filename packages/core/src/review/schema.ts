import { z } from "zod";
import { ident, line, prose } from "../kit/schema.ts";

/** One line of the post-deployment validation. */
export const Validation = z.strictObject({
  id: ident.describe("What its result refers to."),
  check: line.describe("What is validated."),
  tool: line.optional().describe("Where to look, as the document names it."),
  threshold: line.describe(
    "What passes; a comparison where `metric` is given or a person answers with a number.",
  ),
  metric: ident.optional().describe("The metric that is read for it; unset: a person answers."),
  owner: line.optional().describe("Who answers; unset: whoever signs the review."),
});
export type Validation = z.infer<typeof Validation>;

/** What the review after the release is asked for. */
export const ReviewRule = z.strictObject({
  role: line.default("Release Manager").describe("Who signs it."),
  attendees: z.array(line).default([]).describe("Who takes part."),
  fields: z
    .array(
      z.strictObject({
        field: line.describe("What is asked."),
        hint: prose.optional().describe("What kind of answer is meant."),
      }),
    )
    .default([])
    .describe("What is asked."),
});
export type ReviewRule = z.infer<typeof ReviewRule>;
