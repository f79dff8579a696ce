import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configurationEvent, stateChangeEvent } from "./alarm-events.ts";
import type { AlarmRecord, AlarmState, MetricDefinition } from "./alarm-model.ts";
import { reasonDataFor, reasonFor } from "./reason.ts";
import { virtualCloudWatch } from "./testing.ts";

const folder = new URL("../../../../../shared/vectors/", import.meta.url);

interface Sample {
  readonly "detail-type": string;
  readonly resources: string[];
  readonly detail: Record<string, Record<string, unknown>>;
}

function sample(name: string): Sample {
  return JSON.parse(readFileSync(new URL(`eb-cw-alarm-${name}.json`, folder), "utf8"));
}

function stateAt(time: string, value: AlarmState["value"], reason: string, reasonData?: string): AlarmState {
  const at = Date.parse(time.replace("+0000", "Z"));
  return {
    value,
    reason,
    updatedAt: at,
    transitionedAt: at,
    ...(reasonData === undefined ? {} : { reasonData }),
  };
}

function record(name: string, definition: AlarmRecord["definition"], configured: string, state: AlarmState) {
  const arn = `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`;
  return { name, arn, definition, configuredAt: Date.parse(configured.replace("+0000", "Z")), state };
}

const cpu = (threshold: number, id: string, more: Partial<MetricDefinition> = {}): MetricDefinition => ({
  kind: "metric",
  description: "Goes into alarm when server CPU utilization is too high!",
  actionsEnabled: true,
  source: {
    kind: "metric",
    id,
    metric: {
      namespace: "AWS/EC2",
      name: "CPUUtilization",
      dimensions: { InstanceId: "i-12345678901234567" },
    },
    period: 300,
    statistic: "Average",
    extended: false,
  },
  evaluationPeriods: 1,
  threshold,
  comparison: "GreaterThanThreshold",
  treatment: "ignore",
  ...more,
});

const network = (id: string, name: string) => ({
  kind: "metric" as const,
  id,
  returned: false,
  metric: { namespace: "AWS/EC2", name, dimensions: { InstanceId: "i-12345678901234567" } },
  period: 300,
  statistic: "Maximum",
});

const total = {
  kind: "expression" as const,
  id: "e1",
  expression: "SUM(METRICS())",
  label: "Total Network Traffic",
  returned: true,
};

const traffic = (queries: MetricDefinition["source"] & { kind: "math" }): MetricDefinition => ({
  ...cpu(10_000, ""),
  description: "Goes into alarm if total network traffic exceeds 10Kb",
  source: queries,
});

/** The samples are of 2019 and 2022; `evaluatedDatapoints` came later (recorded 2026). */
function dated(reasonData: string): string {
  return reasonData.replace(/,"evaluatedDatapoints":\[[^\]]*\]/, "");
}

function judged(definition: MetricDefinition, value: number, at: string, queryDate: string) {
  const point = { at: Date.parse(at), value, breaching: value > definition.threshold };
  const to = point.breaching ? ("ALARM" as const) : ("OK" as const);
  const evaluation = { outcome: to, counted: [point], filled: 0 };
  const reasonData = reasonDataFor(definition, evaluation, {
    queryDate: Date.parse(queryDate),
    sampleCount: () => undefined,
  });
  return { to, reason: reasonFor(to, definition, evaluation), reasonData: dated(reasonData) };
}

describe.skipIf(!existsSync(folder))("the events that AWS documents", () => {
  it("a metric alarm's change of state", () => {
    const wanted = sample("statechange-metric");
    const id = "30b6c6b2-a864-43a2-4877-c09a1afc3b87";
    const definition = cpu(50, id, { datapointsToAlarm: 1 });
    const before = judged(definition, 0.0666851903306472, "2019-10-01T13:46:00Z", "2019-10-01T13:56:40.985Z");
    const after = judged(definition, 99.50160229693434, "2019-10-02T16:59:00Z", "2019-10-02T17:04:40.985Z");
    const event = stateChangeEvent(
      record(
        "ServerCpuTooHigh",
        definition,
        "2019-10-01T00:00:00Z",
        stateAt("2019-10-02T17:04:40.989+0000", after.to, after.reason, after.reasonData),
      ),
      stateAt("2019-10-01T13:56:40.987+0000", before.to, before.reason, before.reasonData),
    );
    expect(event).toEqual({
      source: "aws.cloudwatch",
      detailType: wanted["detail-type"],
      resources: wanted.resources,
      detail: wanted.detail,
    });
  });

  it("a change of state of an alarm on an expression, the first it had", () => {
    const wanted = sample("statechange-metricmath-from-insufficient");
    const definition = traffic({
      kind: "math",
      queries: [total, network("m1", "NetworkIn"), network("m2", "NetworkOut")],
      period: 300,
    });
    const after = judged(
      { ...definition, datapointsToAlarm: 1 },
      45_628,
      "2019-10-02T17:10:00Z",
      "2019-10-02T17:20:48.551Z",
    );
    const event = stateChangeEvent(
      record(
        "TotalNetworkTrafficTooHigh",
        definition,
        "2019-10-02T17:20:03.642Z",
        stateAt("2019-10-02T17:20:48.554+0000", after.to, after.reason, after.reasonData),
      ),
      stateAt("2019-10-02T17:20:03.642+0000", "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"),
    );
    expect(event.detail).toEqual(wanted.detail);
  });

  it("a change of configuration", () => {
    const wanted = sample("config-update-metric");
    const state = stateAt(
      "2022-03-03T17:06:13.757Z",
      "INSUFFICIENT_DATA",
      "Unchecked: Initial alarm creation",
    );
    const name = "ServerCpuTooHigh";
    const before = record(
      name,
      cpu(70, "d6bfa85f-893e-b052-a58b-4f9295c9111a"),
      "2022-03-03T17:06:13.757Z",
      state,
    );
    const after = record(
      name,
      cpu(80, "86bfa85f-b14c-ebf7-8916-7da014ce23c0"),
      "2022-03-03T17:06:34.267Z",
      state,
    );
    const event = configurationEvent(after, "update", before);
    expect(event.detailType).toBe(wanted["detail-type"]);
    expect(event.detail).toEqual(wanted.detail);
  });

  it("the end of an alarm on an expression", () => {
    const definition = traffic({
      kind: "math",
      queries: [network("m1", "NetworkIn"), network("m2", "NetworkOut"), total],
      period: 300,
    });
    const time = "2022-03-03T17:06:17.672Z";
    const alarm = record(
      "TotalNetworkTrafficTooHigh",
      definition,
      time,
      stateAt(time, "INSUFFICIENT_DATA", ""),
    );
    expect(configurationEvent(alarm, "delete").detail).toEqual(sample("config-delete-metricmath").detail);
  });

  it("the beginning of a composite alarm", () => {
    const time = "2022-03-03T17:06:22.289Z";
    const definition = {
      kind: "composite" as const,
      description: "Aggregated monitor for instance",
      actionsEnabled: true,
      rule: "ALARM(ServerCpuTooHigh) OR ALARM(TotalNetworkTrafficTooHigh)",
    };
    const alarm = record("ServiceAggregatedAlarm", definition, time, stateAt(time, "INSUFFICIENT_DATA", ""));
    expect(configurationEvent(alarm, "create").detail).toEqual(sample("config-create-composite").detail);
  });

  it("the alarm that was recorded in 2026: its description, reason and history", async () => {
    const recorded = JSON.parse(
      readFileSync(new URL("cw-alarm-sns-describe-history-aws-recorded.json", folder), "utf8"),
    );
    const engine = virtualCloudWatch();
    const Dimensions = [{ Name: "InstanceId", Value: "abc" }];
    await engine.kernel.call("cloudwatch", "PutMetricAlarm", {
      AlarmName: "fever",
      AlarmDescription: "testing cloudwatch alarms",
      MetricName: "my-metric1",
      Namespace: "ns",
      Period: 10,
      Threshold: 21,
      EvaluationPeriods: 1,
      Statistic: "Average",
      Unit: "Seconds",
      Dimensions,
      ActionsEnabled: true,
      TreatMissingData: "ignore",
      ComparisonOperator: "GreaterThanThreshold",
    });
    const shown = async () => {
      const output = await engine.kernel.call("cloudwatch", "DescribeAlarms", { AlarmNames: ["fever"] });
      return normal((output as { MetricAlarms: unknown[] }).MetricAlarms[0]);
    };
    expect(await shown()).toEqual(normal(recorded["describe-alarm"].MetricAlarms[0]));
    const datum = { MetricName: "my-metric1", Dimensions, Unit: "Seconds", StorageResolution: 1 };
    await engine.kernel.call("cloudwatch", "PutMetricData", {
      Namespace: "ns",
      MetricData: [
        { ...datum, Value: 21 },
        { ...datum, Value: 22 },
      ],
    });
    await engine.clock.advance(12_000);
    expect(await shown()).toEqual(normal(recorded["describe-alarms-for-metric"].MetricAlarms[0]));
    const history = (await engine.kernel.call("cloudwatch", "DescribeAlarmHistory", {
      AlarmName: "fever",
      HistoryItemType: "StateUpdate",
    })) as { AlarmHistoryItems: unknown[] };
    expect(history.AlarmHistoryItems.map(normal)).toEqual(
      recorded["describe-alarm-history"].AlarmHistoryItems.map(normal),
    );
  });
});

/** Takes out what differs by nature: names, times, and the actions, which the engine does not have. */
function normal(value: unknown): unknown {
  const text = JSON.stringify(value, (key, member: unknown) => {
    if (/Actions$/.test(key)) return [];
    if (/Timestamp$|Date$|^timestamp$/.test(key)) return "*";
    if (/^(AlarmArn|AlarmName|Namespace)$/.test(key)) return "*";
    if (/^(StateReasonData|HistoryData)$/.test(key) && typeof member === "string") return JSON.parse(member);
    return member;
  });
  return JSON.parse(text.replaceAll(/\(\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d\)|\(MM\/DD\/YY HH:MM:SS\)/g, "(*)"));
}
