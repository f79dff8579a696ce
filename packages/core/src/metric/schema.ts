import { z } from "zod";
import { duration, ident, line } from "../kit/schema.ts";
import { formatThreshold, parseThreshold } from "./threshold.ts";

/** A threshold in its canonical spelling, such as `< 1 %`. */
export const threshold = z.string().transform((text, context) => {
  const result = parseThreshold(text);
  if (result.ok) return formatThreshold(result.value);
  context.addIssue({ code: "custom", message: result.message, params: { column: result.column } });
  return z.NEVER;
});

/** Where a metric's value is read. */
export const MetricSource = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("cloudwatch-alarm"), alarm: line.describe("The alarm, by its name.") })
      .describe("The metric that a CloudWatch alarm watches; the alarm's own state counts too."),
    z
      .strictObject({
        kind: z.literal("cloudwatch"),
        namespace: line.describe("Such as AWS/Lambda."),
        metric: line.describe("Such as Duration."),
        statistic: line.default("Average").describe("Average, Sum, Minimum, Maximum, SampleCount or pNN."),
        unit: line.optional().describe("The unit the metric is stored in, where it is not the threshold's."),
        dimensions: z.record(z.string(), line).default({}).describe("Such as FunctionName: orders-api."),
      })
      .describe("A CloudWatch metric."),
    z
      .strictObject({
        kind: z.literal("sentry"),
        project: line.optional().describe("The project; unset: the deployment knows it."),
        field: line.default("crash_free_rate(session)").describe("The field of the sessions API."),
      })
      .describe("Sentry's sessions API."),
    z
      .strictObject({
        kind: z.literal("http"),
        url: z.url({ protocol: /^https?$/ }).describe("What is asked for."),
        path: line.describe("JSON pointer to the number in the answer."),
        countPath: line.optional().describe("JSON pointer to how many events the number stands on."),
      })
      .describe("A number in a JSON answer."),
    z.strictObject({ kind: z.literal("person") }).describe("The owner reads it and says what they saw."),
  ])
  .describe("Where the value is read.");

export type MetricSource = z.infer<typeof MetricSource>;

export const Metric = z.strictObject({
  id: ident.describe("What steps, triggers and validations call it by."),
  name: line.describe("What people call it."),
  threshold: threshold.describe(
    "What passes: < 1 %, >= 99.5 %, baseline + 10 %, within 20 % of baseline, objective + 20 %, 19 of 20.",
  ),
  objective: threshold
    .optional()
    .describe(
      "The service level, such as <= 500 ms, for thresholds that speak of the objective; unset: `threshold`.",
    ),
  unit: line.optional().describe("What its values are in, where no threshold says so: %, ms, s."),
  tool: line.optional().describe("The monitoring tool, as the document names it."),
  owner: line.describe("The role that answers for it."),
  source: MetricSource.default({ kind: "person" }),
  component: ident.optional().describe("The component it speaks of; its phases wait for this metric."),
  minCount: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      "How many requests or sessions a reading must stand on. Unset: by the rule of three, 3 / threshold.",
    ),
  over: duration.optional().describe("The stretch of time a reading covers; unset: the watch so far."),
});

export type Metric = z.infer<typeof Metric>;

/** Metrics that no machine can read are asked of their owner, after the rollout. */
export function isReadByPerson(metric: Metric): boolean {
  return metric.source.kind === "person";
}
