import { z } from "zod";
import { minutes } from "../kit/duration.ts";
import { duration, ident } from "../kit/schema.ts";

/** What is measured before anything is shifted, so that afterwards there is something to compare with. */
export const BaselineRule = z.strictObject({
  over: duration.default(minutes(30)).describe("The stretch of time before the start that it covers."),
  metrics: z.array(ident).min(1).optional().describe("Which metrics; unset: every one that a machine reads."),
  unread: z
    .enum(["hold", "override"])
    .default("hold")
    .describe("What to do where one cannot be read: hold the start, or start without it."),
  tolerance: z
    .number()
    .min(0)
    .max(1000)
    .default(20)
    .describe("After a rollback a metric is back when it is this close to its baseline, in percent of it."),
  verifyWithin: duration
    .default(minutes(15))
    .describe("How long after a rollback the metrics are compared, until all are back."),
});
export type BaselineRule = z.infer<typeof BaselineRule>;
