import { z } from "zod";
import { ident, instant, line, prose } from "../kit/schema.ts";
import { Blocks } from "../obligation/schema.ts";

/** What is to be done after a review: by whom, and until when. It is owed from the signature on. */
export const ActionItem = z.strictObject({
  id: ident.describe("What its record refers to."),
  what: line.describe("What is to be done."),
  role: line.describe("The role that owes it."),
  due: instant.describe("Until when."),
  blocks: Blocks,
});
export type ActionItem = z.infer<typeof ActionItem>;

/** Made of issuer and subject (`personId`): a name has no place in the log. */
export const PERSON_ID = /^psn_[0-9a-f]{20}$/;

/** What a review says, beyond the fields that a plan asks for. All of it may be given bit by bit. */
export const ReviewAnswers = z.strictObject({
  heldOn: z.iso.date().optional().describe("The day on which it was held."),
  attendees: z
    .array(line)
    .max(100)
    .optional()
    .describe("Who took part. Names become ids before anything is recorded."),
  feedback: prose.optional().describe("What customers said, in summary."),
  userImpact: z.enum(["none", "minor", "major"]).optional().describe("What users noticed of the release."),
  wentWell: z.array(prose).max(50).optional(),
  improve: z.array(prose).max(50).optional(),
  lessons: z.array(prose).max(50).optional(),
  actions: z.array(ActionItem).max(50).optional().describe("Each becomes an obligation at the signature."),
});
export type ReviewAnswers = z.infer<typeof ReviewAnswers>;
