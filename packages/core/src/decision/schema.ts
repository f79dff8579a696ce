import { z } from "zod";
import { days, minutes } from "../kit/duration.ts";
import { duration, line } from "../kit/schema.ts";

/** Who decides when things look bad, and when alarms are too many or too restless to be taken one by one. */
export const DecisionRule = z.strictObject({
  authority: z
    .array(line)
    .min(1)
    .default(["Deployment Lead", "Engineering Manager"])
    .describe("The roles that are asked whether to roll back, go on, or fix forward."),
  alone: z
    .array(line)
    .default(["On-Call Engineer"])
    .describe("The roles that may answer a question with a rollback alone, at once."),
  votes: z
    .enum(["any", "all"])
    .default("any")
    .describe("Whether any one of the authority decides, or all of them have to say the same."),
  fixWithin: duration.default(days(1)).describe("How soon what is fixed forward has to be fixed."),
});
export type DecisionRule = z.infer<typeof DecisionRule>;

/** When alarms are told of together, and when one is no longer believed at every change. */
export const AlarmRule = z.strictObject({
  storm: duration
    .default(minutes(1))
    .describe("Alarms that come within this of the first are told of together, once."),
  changes: z
    .number()
    .int()
    .min(3)
    .max(30)
    .default(4)
    .describe(
      "An alarm that changes its state this often is put in quarantine: it holds, and fires no more.",
    ),
  within: duration.default(minutes(10)).describe("The time in which it does."),
  calm: duration.default(minutes(15)).describe("How long it has to stand still to be believed again."),
});
export type AlarmRule = z.infer<typeof AlarmRule>;

const ALARMS: AlarmRule = AlarmRule.parse({});

/** The plan's rule for alarms, or the one that holds without. */
export function alarmRule(plan: { readonly alarms?: AlarmRule | undefined }): AlarmRule {
  return plan.alarms ?? ALARMS;
}
