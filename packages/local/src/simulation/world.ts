import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import type { MetricReader } from "@gonogo/core/metric/port";
import { unitOf } from "@gonogo/core/metric/relative";
import { isReadByPerson } from "@gonogo/core/metric/schema";
import { wellValue } from "@gonogo/core/metric/well";
import type { Plan } from "@gonogo/core/plan/schema";
import { alarmsOf } from "@gonogo/core/signal/decide";
import { imagined, seenImagined } from "@gonogo/core/signal/tagged";
import type { Outside } from "@gonogo/functions/aws-runtime";
import type { Engine } from "../engine/engine.ts";

/**
 * A world for a plan to run in: the functions, aliases and alarms that it names, all well, and metrics that
 * say so unless they are told otherwise. Alarms keep the state they are given, for there is no traffic.
 */
export async function createWorld(engine: Engine, plan: Plan): Promise<void> {
  for (const { target } of plan.components) {
    if (target.kind !== "lambda-alias") continue;
    const next = target.version === "newest" ? 2 : Number(target.version);
    await createAlias(engine, target.function, target.alias, next);
  }
  const tagsOf = new Map(
    seenImagined(plan).flatMap(({ tags, alarms }) => alarms.map((name) => [name, tags])),
  );
  for (const AlarmName of alarmsOf(plan, imagined(plan))) {
    const Tags = Object.entries(tagsOf.get(AlarmName) ?? {}).map(([Key, Value]) => ({ Key, Value }));
    await engine.kernel.call("cloudwatch", "PutMetricAlarm", {
      AlarmName,
      Tags,
      Namespace: "Simulation",
      MetricName: AlarmName,
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    });
    await setAlarm(engine, AlarmName, "OK");
  }
}

export async function setAlarm(engine: Engine, name: string, state: "OK" | "ALARM"): Promise<void> {
  const StateReason = state === "ALARM" ? "set on fire by the simulation" : "well";
  await engine.kernel.call("cloudwatch", "SetAlarmState", {
    AlarmName: name,
    StateValue: state,
    StateReason,
  });
}

async function createAlias(engine: Engine, FunctionName: string, Name: string, next: number): Promise<void> {
  const { kernel } = engine;
  engine.lambda.define(FunctionName, { code: (version) => async () => ({ version }) });
  for (let version = 1; version <= Math.max(2, next); version++) {
    await kernel.call("lambda", "PublishVersion", { FunctionName });
  }
  const FunctionVersion = String(next > 1 ? next - 1 : 2);
  await kernel.call("lambda", "CreateAlias", { FunctionName, Name, FunctionVersion });
}

/** What every metric of the plan says: well within its threshold, on many events, until it is changed. */
export class SimulatedMetrics implements MetricReader {
  readonly values = new Map<string, { value: number; count: number } | undefined>();

  constructor(plan: Plan) {
    for (const metric of plan.metrics) {
      if (isReadByPerson(metric)) continue;
      this.values.set(metric.id, wellValue(metric));
    }
  }

  async read({ metric, from, to }: Parameters<MetricReader["read"]>[0]) {
    const known = this.values.get(metric.id);
    return { metric: metric.id, unit: unitOf(metric), from, to, ...(known ?? { note: "no data" }) };
  }

  async course({ metric, from, to }: Parameters<MetricReader["course"]>[0], points: number) {
    const value = this.values.get(metric.id)?.value;
    if (value === undefined) return [];
    const step = (toMillis(to) - toMillis(from)) / Math.max(1, points - 1);
    return Array.from({ length: points }, (_, index) => ({
      at: fromMillis(toMillis(from) + index * step),
      value,
    }));
  }
}

/** The metrics of the simulation in place of every source there is. */
export function simulatedSources(metrics: SimulatedMetrics): Outside["metrics"] {
  return { cloudwatch: metrics, "cloudwatch-alarm": metrics, sentry: metrics, http: metrics };
}
