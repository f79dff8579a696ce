import { z } from "zod";
import { days } from "../kit/duration.ts";
import { duration, ident, line } from "../kit/schema.ts";
import { Target } from "../target/schema.ts";

/** Where the way back of this plan is tried: the counterparts of its targets. */
export const Rehearse = z.strictObject({
  environment: line.default("staging").describe("What the environment is called."),
  targets: z
    .record(ident, Target)
    .describe(
      "The counterpart of each component's target, by the component's id. None may be a target of this plan.",
    ),
  every: duration
    .default(days(90))
    .describe("How often the way back is to be drilled, whatever is released meanwhile."),
});
export type Rehearse = z.infer<typeof Rehearse>;

/** Makes a plan a rehearsal: it is put back as soon as its last phase has passed. gonogo writes it. */
export const RehearsalOf = z.strictObject({
  release: line.describe("The plan whose way back is tried."),
  plan: line.describe("Its digest."),
  to: ident.describe("The phase from which it is put back."),
});
export type RehearsalOf = z.infer<typeof RehearsalOf>;
