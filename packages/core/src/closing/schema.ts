import { z } from "zod";
import { days, hours } from "../kit/duration.ts";
import { duration, ident, line, prose } from "../kit/schema.ts";

export const CLOSING_KINDS = ["changelog", "status-page", "ticket", "message", "load-test"] as const;
export type ClosingKind = (typeof CLOSING_KINDS)[number];

/** Something that is done once a release is over, and that its record is held to. */
export const ClosingAct = z.strictObject({
  id: ident.describe("What its record refers to, and what it is called among the obligations."),
  kind: z
    .enum(CLOSING_KINDS)
    .describe(
      "changelog: the entry is written; status-page: it says how things stand; ticket: the change ticket is closed, with the record attached; message: stakeholders are told; load-test: it is repeated, where the architecture has changed.",
    ),
  what: line.optional().describe("What is to be done, where its kind does not say enough."),
  owner: line.describe("The role that owes it."),
  within: duration.default(hours(24)).describe("How long after the end it is to be done, at most 365 days."),
  channel: line
    .optional()
    .describe(
      "The channel by which gonogo does it, such as a webhook; without one, or where that fails, a person does and shows evidence.",
    ),
  text: prose.optional().describe("What is told by the channel when all went well; unset: what happened."),
  required: z
    .boolean()
    .default(false)
    .describe("The release is closed only with this done, as it is only with its review."),
});
export type ClosingAct = z.infer<typeof ClosingAct>;

/** A load test that a changed architecture asks for, and that nobody has planned, is owed within this. */
export const LOAD_TEST_WITHIN = days(14);
