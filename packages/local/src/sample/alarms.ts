import { toMs } from "@gonogo/core/kit/duration";
import type { Plan } from "@gonogo/core/plan/schema";
import { alarmsOf } from "@gonogo/core/signal/decide";
import { conditionOf } from "@gonogo/core/trigger/decide";
import type { Engine } from "../engine/engine.ts";
import type { SampleService } from "./service.ts";

/**
 * Creates the alarms that the sample plan binds: each on the rate of failed requests through the alias, with
 * the limit and the length of time that the plan's trigger states.
 */
export async function createAlarms(engine: Engine, plan: Plan, service: SampleService): Promise<void> {
  const Resource = `${service.functionName}:${service.alias}`;
  const Dimensions = [
    { Name: "FunctionName", Value: service.functionName },
    { Name: "Resource", Value: Resource },
  ];
  const counted = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: "AWS/Lambda", MetricName, Dimensions }, Period: 60, Stat: "Sum" },
    ReturnData: false,
  });
  for (const AlarmName of alarmsOf(plan)) {
    const trigger = plan.triggers.find(({ signals }) => signals.some(({ name }) => name === AlarmName));
    const condition = trigger === undefined ? undefined : conditionOf(trigger);
    const minutes = Math.max(
      1,
      Math.round((condition?.sustained === undefined ? 60_000 : toMs(condition.sustained)) / 60_000),
    );
    await engine.kernel.call("cloudwatch", "PutMetricAlarm", {
      AlarmName,
      AlarmDescription: trigger?.when ?? "Failed requests",
      Metrics: [
        counted("errors", "Errors"),
        counted("requests", "Invocations"),
        { Id: "rate", Expression: "100 * errors / requests", Label: "Failed requests, %", ReturnData: true },
      ],
      EvaluationPeriods: minutes,
      DatapointsToAlarm: minutes,
      Threshold: condition?.value ?? 1,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "missing",
      ActionsEnabled: true,
    });
  }
}
