import { z } from "zod";
import { duration, ident, line } from "../kit/schema.ts";

/** Whether other standard releases of the same components wait for it: until it is done, or once it is overdue. */
export const Blocks = z
  .union([z.boolean(), z.literal("overdue")])
  .default(false)
  .describe(
    "true: until it is done no other standard release of these components starts. `overdue`: none does from its time on, until it is done.",
  );
export type Blocks = z.infer<typeof Blocks>;

/** What somebody owes once the traffic has moved: it stays open until a person says that it is done. */
export const ObligationRule = z.strictObject({
  id: ident.describe(
    "What its record refers to. `review` and `postmortem` change the two that every release has.",
  ),
  what: line.describe("What is to be done, such as: merge the hotfix back to main."),
  role: line.describe("The role that owes it."),
  within: duration.describe("How long there is for it, at most 365 days."),
  from: z
    .enum(["start", "end", "rollback"])
    .default("end")
    .describe(
      "What makes it due: the start of the release, its end (handed to its review, or rolled back), or only a rollback.",
    ),
  blocks: Blocks,
});
export type ObligationRule = z.infer<typeof ObligationRule>;
