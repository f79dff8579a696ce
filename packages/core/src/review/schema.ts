import { z } from "zod";
import { ident, line, prose } from "../kit/schema.ts";

/** One line of the post-deployment validation. */
export const Validation = z.strictObject({
  id: ident,
  check: line,
  tool: line.optional(),
  threshold: line.describe(
    "What passes; a comparison where `metric` is given or a person answers with a number.",
  ),
  metric: ident.optional(),
  owner: line.optional(),
});
export type Validation = z.infer<typeof Validation>;

/** What the review after the release is asked for. */
export const ReviewRule = z.strictObject({
  role: line.default("Release Manager").describe("Who signs it."),
  attendees: z.array(line).default([]),
  fields: z.array(z.strictObject({ field: line, hint: prose.optional() })).default([]),
});
export type ReviewRule = z.infer<typeof ReviewRule>;
