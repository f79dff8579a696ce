import { z } from "zod";
import { line, offset } from "../kit/schema.ts";

/** The go/no-go vote: one NO-GO stops the release, and silence is not GO. */
export const PollRule = z.strictObject({
  at: offset.prefault("T-15m").describe("When the vote opens."),
  closes: offset.prefault("T").describe("When silence becomes NO-GO."),
  roles: z
    .array(line)
    .min(1, "a poll needs at least one role")
    .max(40)
    .describe("Who votes; every one of them has to say GO, or to abstain where that is allowed."),
  abstain: z
    .boolean()
    .optional()
    .describe(
      "Whether a role may abstain, for a reason; left out, none may. Somebody has to say GO all the same.",
    ),
});
export type PollRule = z.infer<typeof PollRule>;

export const VOTES = ["go", "no-go", "abstain"] as const;
export type VoteWord = (typeof VOTES)[number];
