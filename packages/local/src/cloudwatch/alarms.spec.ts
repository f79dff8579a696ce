import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutMetricAlarmCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "vitest";
import { NOON } from "../scheduler/testing.ts";
import { errorsAlarm, put, type VirtualCloudWatch, virtualCloudWatch } from "./testing.ts";

const MINUTE = 60_000;

let engine: VirtualCloudWatch;
beforeEach(() => {
  engine = virtualCloudWatch();
});

const putAlarm = (more: object = {}) =>
  engine.client.send(new PutMetricAlarmCommand({ ...errorsAlarm, ...more }));

async function alarm(name = "errors") {
  const output = await engine.client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  const found = output.MetricAlarms?.[0];
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
}

describe("a metric alarm", () => {
  it("knows nothing at first, then goes to OK, to ALARM and back, a second after each minute", async () => {
    await putAlarm();
    expect(await alarm()).toMatchObject({
      StateValue: "INSUFFICIENT_DATA",
      StateReason: "Unchecked: Initial alarm creation",
    });
    for (const value of [1, 50, 60, 2]) {
      await put(engine, value);
      await engine.clock.advance(MINUTE);
    }
    await engine.clock.advance(MINUTE);
    const second = 1_000;
    expect(engine.changes()).toEqual([
      { at: MINUTE + second, alarm: "errors", from: "INSUFFICIENT_DATA", to: "OK" },
      { at: 2 * MINUTE + second, alarm: "errors", from: "OK", to: "ALARM" },
      { at: 4 * MINUTE + second, alarm: "errors", from: "ALARM", to: "OK" },
    ]);
    expect(engine.errors).toEqual([]);
  });

  it("takes what is put on the minute for the minute before", async () => {
    await putAlarm();
    await engine.clock.advance(MINUTE);
    await put(engine, 11, NOON + MINUTE - 1);
    await engine.clock.advance(1_000);
    expect((await alarm()).StateValue).toBe("ALARM");
  });

  it("gives its reason in CloudWatch's words", async () => {
    await putAlarm({ Threshold: 10.5, Unit: "None" });
    await put(engine, 6);
    await put(engine, 5);
    await engine.clock.advance(MINUTE + 1_000);
    const { StateReason, StateReasonData, StateTransitionedTimestamp } = await alarm();
    expect(StateReason).toBe(
      "Threshold Crossed: 1 datapoint [11.0 (02/11/26 12:00:00)] was greater than the threshold (10.5).",
    );
    expect(StateReasonData).toBe(
      '{"version":"1.0","queryDate":"2026-11-02T12:01:01.000+0000","startDate":"2026-11-02T12:00:00.000+0000",' +
        '"unit":"None","statistic":"Sum","period":60,"recentDatapoints":[11.0],"threshold":10.5,' +
        '"evaluatedDatapoints":[{"timestamp":"2026-11-02T12:00:00.000+0000","sampleCount":2.0,"value":11.0}]}',
    );
    expect(StateTransitionedTimestamp).toEqual(new Date(NOON + MINUTE + 1_000));
  });

  it("looks every minute over periods of five, which end at that minute", async () => {
    await putAlarm({ Period: 300 });
    await engine.clock.advance(90_000);
    await put(engine, 11);
    await engine.clock.advance(MINUTE);
    expect(engine.changes()).toEqual([
      { at: 2 * MINUTE + 1_000, alarm: "errors", from: "INSUFFICIENT_DATA", to: "ALARM" },
    ]);
    expect((await alarm()).StateReason).toContain("[11.0 (02/11/26 11:57:00)]");
  });

  it("looks every ten seconds when its period is that short", async () => {
    await putAlarm({ Period: 10 });
    const data = { MetricName: "Errors", Value: 11, StorageResolution: 1 };
    await engine.kernel.call("cloudwatch", "PutMetricData", { Namespace: "shop", MetricData: [data] });
    await engine.clock.advance(11_000);
    expect(engine.changes()).toEqual([
      { at: 11_000, alarm: "errors", from: "INSUFFICIENT_DATA", to: "ALARM" },
    ]);
  });

  it("wants M of N, and says how many there were", async () => {
    await putAlarm({ EvaluationPeriods: 5, DatapointsToAlarm: 3 });
    for (const value of [20, 1, 20, 1, 20, 1, 1]) {
      await put(engine, value);
      await engine.clock.advance(MINUTE);
    }
    await engine.clock.advance(MINUTE);
    expect(engine.changes().map(({ at, to }) => [Math.floor(at / MINUTE), to])).toEqual([
      [2, "OK"],
      [5, "ALARM"],
      [6, "OK"],
    ]);
    const { AlarmHistoryItems = [] } = await engine.client.send(
      new DescribeAlarmHistoryCommand({ HistoryItemType: "StateUpdate" }),
    );
    const [back, over] = AlarmHistoryItems.map(({ HistoryData }) => JSON.parse(HistoryData ?? "").newState);
    expect(over.stateReason).toBe(
      "Threshold Crossed: 3 out of the last 5 datapoints [20.0 (02/11/26 12:04:00), 20.0 (02/11/26 12:02:00), " +
        "20.0 (02/11/26 12:00:00)] were greater than the threshold (10.0) " +
        "(minimum 3 datapoints for OK -> ALARM transition).",
    );
    expect(back.stateReason).toMatch(
      /were not greater than .* \(minimum 3 datapoints for ALARM -> OK transition\)\.$/,
    );
    expect(over.stateReasonData.recentDatapoints).toEqual([20, 1, 20, 1, 20]);
  });

  it.each([
    ["missing", "INSUFFICIENT_DATA"],
    [undefined, "INSUFFICIENT_DATA"],
    ["ignore", "ALARM"],
    ["breaching", "ALARM"],
    ["notBreaching", "OK"],
  ] as const)("when nothing comes any more, and that is %s, ends in %s", async (TreatMissingData, wanted) => {
    await putAlarm({ TreatMissingData });
    await put(engine, 20);
    await engine.clock.advance(MINUTE + 1_000);
    expect((await alarm()).StateValue).toBe("ALARM");
    await engine.clock.advance(2 * MINUTE);
    // Its only period is still within the range that is looked at.
    expect((await alarm()).StateValue).toBe("ALARM");
    await engine.clock.advance(MINUTE);
    const { StateValue, StateReason } = await alarm();
    expect(StateValue).toBe(wanted);
    if (wanted === "INSUFFICIENT_DATA") {
      expect(StateReason).toBe("Insufficient Data: 1 datapoint was unknown.");
    }
    if (wanted === "OK") {
      expect(StateReason).toBe(
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
      );
    }
  });

  it("watches a rate, which no requests leave without a value", async () => {
    const metric = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: "shop", MetricName }, Period: 60, Stat: "Sum" },
      ReturnData: false,
    });
    await engine.client.send(
      new PutMetricAlarmCommand({
        AlarmName: "rate",
        Metrics: [
          { Id: "rate", Expression: "100 * errors / requests", Label: "error rate" },
          metric("errors", "Errors"),
          metric("requests", "Requests"),
        ],
        EvaluationPeriods: 1,
        Threshold: 3,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
    for (const [errors, requests] of [
      [0, 0],
      [1, 100],
      [5, 100],
    ] as const) {
      await put(engine, errors);
      await put(engine, requests, undefined, "Requests");
      await engine.clock.advance(MINUTE);
    }
    await engine.clock.advance(1_000);
    expect(engine.changes().map(({ at, to }) => [Math.floor(at / MINUTE), to])).toEqual([
      [2, "OK"],
      [3, "ALARM"],
    ]);
    const { StateReason, Metrics, MetricName } = await alarm("rate");
    expect(StateReason).toContain("[5.0 (02/11/26 12:02:00)] was greater than the threshold (3.0)");
    expect(Metrics).toHaveLength(3);
    expect(MetricName).toBeUndefined();
  });

  it("that cannot be worked out is refused, and one that fails later does not stop the others", async () => {
    const Metrics = (Expression: string) => [
      { Id: "e1", Expression },
      {
        Id: "m1",
        MetricStat: { Metric: { Namespace: "shop", MetricName: "Errors" }, Period: 60, Stat: "Sum" },
        ReturnData: false,
      },
    ];
    const { EvaluationPeriods, Threshold, ComparisonOperator } = errorsAlarm;
    const broken = (Expression: string) =>
      engine.kernel.call("cloudwatch", "PutMetricAlarm", {
        AlarmName: "broken",
        Metrics: Metrics(Expression),
        ...{ EvaluationPeriods, Threshold, ComparisonOperator },
      });
    await expect(broken("METRICS()")).rejects.toThrow("must give one time series");
    // With data there is a moment at which the list has to be one value.
    await broken("IF(m1, METRICS(), 0)");
    await putAlarm();
    await put(engine, 20);
    await engine.clock.advance(MINUTE + 1_000);
    expect((await alarm()).StateValue).toBe("ALARM");
    expect(engine.errors.map(String)).toEqual([expect.stringContaining("'broken' could not be evaluated")]);
  });

  it("watches a percentile", async () => {
    await putAlarm({ Statistic: undefined, ExtendedStatistic: "p90", MetricName: "Latency", Threshold: 100 });
    const Values = [10, 20, 30, 40, 50, 60, 70, 80, 500, 900];
    await engine.kernel.call("cloudwatch", "PutMetricData", {
      Namespace: "shop",
      MetricData: [{ MetricName: "Latency", Values }],
    });
    await engine.clock.advance(MINUTE + 1_000);
    expect(await alarm()).toMatchObject({ StateValue: "ALARM", ExtendedStatistic: "p90" });
    expect((await alarm()).StateReason).toContain("[500.0 ");
  });

  it("keeps its state when it is changed, and looks with what it has been told", async () => {
    await putAlarm();
    await put(engine, 20);
    await engine.clock.advance(MINUTE + 1_000);
    await putAlarm({ Threshold: 30 });
    expect(await alarm()).toMatchObject({ StateValue: "ALARM", Threshold: 30 });
    await engine.clock.advance(MINUTE);
    expect((await alarm()).StateValue).toBe("OK");
  });
});

describe("an alarm set by hand", () => {
  it("stays so until it next looks", async () => {
    await putAlarm();
    await put(engine, 1);
    await engine.clock.advance(MINUTE + 1_000);
    await engine.client.send(
      new SetAlarmStateCommand({
        AlarmName: "errors",
        StateValue: "ALARM",
        StateReason: "a rehearsal",
        StateReasonData: '{"by":"ada"}',
      }),
    );
    expect(await alarm()).toMatchObject({
      StateValue: "ALARM",
      StateReason: "a rehearsal",
      StateReasonData: '{"by":"ada"}',
    });
    await engine.clock.advance(MINUTE);
    expect(engine.changes().map(({ to }) => to)).toEqual(["OK", "ALARM", "OK"]);
  });

  it("is refused a state that there is not, or an alarm that there is not", async () => {
    await putAlarm();
    const set = (AlarmName: string, StateValue: string) =>
      engine.client.send(
        new SetAlarmStateCommand({ AlarmName, StateValue: StateValue as "OK", StateReason: "why not" }),
      );
    await expect(set("errors", "INVALID")).rejects.toMatchObject({
      name: "ValidationException",
      Error: { Code: "ValidationError", Type: "Sender" },
      $metadata: { httpStatusCode: 400 },
      message:
        "1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
    });
    const unknown = await set("nobody", "OK").catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(ResourceNotFound);
    expect(unknown).toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });
});

describe("alarms", () => {
  it("are described by name, prefix and state, page by page", async () => {
    for (const name of ["a-1", "a-2", "a-3", "b-1"]) await putAlarm({ AlarmName: name });
    await engine.client.send(
      new SetAlarmStateCommand({ AlarmName: "a-2", StateValue: "OK", StateReason: "x" }),
    );
    const names = async (input: object) => {
      const { MetricAlarms = [], NextToken } = await engine.client.send(new DescribeAlarmsCommand(input));
      return { names: MetricAlarms.map(({ AlarmName }) => AlarmName), NextToken };
    };
    expect((await names({ AlarmNames: ["b-1", "none"] })).names).toEqual(["b-1"]);
    expect((await names({ StateValue: "OK" })).names).toEqual(["a-2"]);
    const first = await names({ AlarmNamePrefix: "a-", MaxRecords: 2 });
    expect(first.names).toEqual(["a-1", "a-2"]);
    const second = await names({ AlarmNamePrefix: "a-", MaxRecords: 2, NextToken: first.NextToken });
    expect(second).toEqual({ names: ["a-3"], NextToken: undefined });
    expect((await names({ AlarmTypes: ["CompositeAlarm"] })).names).toEqual([]);
  });

  it("keep a history of what they were told and what they did", async () => {
    await putAlarm();
    await put(engine, 11);
    await engine.clock.advance(MINUTE + 1_000);
    await engine.client.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] }));
    const { AlarmHistoryItems = [] } = await engine.client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: "errors", ScanBy: "TimestampAscending" }),
    );
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm "errors" created',
      "Alarm updated from INSUFFICIENT_DATA to ALARM",
      'Alarm "errors" deleted',
    ]);
    expect(JSON.parse(AlarmHistoryItems[1]?.HistoryData ?? "")).toMatchObject({
      version: "1.0",
      oldState: { stateValue: "INSUFFICIENT_DATA", stateReason: "Unchecked: Initial alarm creation" },
      newState: { stateValue: "ALARM", stateReasonData: { recentDatapoints: [11], period: 60 } },
    });
  });

  it("are muted and unmuted, which is a change of configuration", async () => {
    await putAlarm();
    const names = { AlarmNames: ["errors"] };
    await engine.client.send(new DisableAlarmActionsCommand(names));
    await engine.client.send(new DisableAlarmActionsCommand(names));
    expect((await alarm()).ActionsEnabled).toBe(false);
    await engine.client.send(new EnableAlarmActionsCommand(names));
    const operations = engine.events.map(({ detail }) => (detail as { operation?: string }).operation);
    expect(operations).toEqual(["create", "update", "update"]);
  });

  it("are deleted all or none, and then cost nothing", async () => {
    await putAlarm();
    const both = engine.client.send(new DeleteAlarmsCommand({ AlarmNames: ["errors", "nobody"] }));
    await expect(both).rejects.toBeInstanceOf(ResourceNotFound);
    await engine.client.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] }));
    await engine.clock.advance(10 * MINUTE);
    expect(engine.clock.next()).toBeUndefined();
  });

  it("cost one timer, and little time: a thousand of them for an hour", async () => {
    for (let at = 0; at < 1_000; at++) {
      await engine.kernel.call("cloudwatch", "PutMetricAlarm", {
        ...errorsAlarm,
        AlarmName: `alarm-${at}`,
        MetricName: `Errors-${at % 100}`,
        EvaluationPeriods: 3,
        TreatMissingData: "notBreaching",
      });
    }
    const began = performance.now();
    await engine.clock.advance(60 * MINUTE);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(engine.changes()).toHaveLength(1_000);
  });
});

describe("what is refused of an alarm", () => {
  it.each([
    [
      { AlarmActions: ["arn:aws:sns:us-east-1:123456789012:topic"] },
      "AlarmActions: the embedded engine runs",
    ],
    [{ ThresholdMetricId: "band" }, "ThresholdMetricId is not supported"],
    [{ Tags: [{ Key: "aws:a", Value: "b" }] }, "begins as AWS's own do"],
    [{ Period: 45 }, "Period"],
    [{ Period: 1 }, "Period"],
    [{ Statistic: "p99" }, "ExtendedStatistic"],
    [{ Statistic: undefined }, "Statistic or ExtendedStatistic is required"],
    [{ EvaluationPeriods: 2, DatapointsToAlarm: 3 }, "DatapointsToAlarm must not be more"],
    [{ EvaluationPeriods: 1441 }, "EvaluationPeriods * Period must be <= 86400"],
    [{ ComparisonOperator: "GreaterThanUpperThreshold" }, "GreaterThanUpperThreshold"],
    [{ TreatMissingData: "panic" }, "panic"],
    [{ Metrics: [{ Id: "e1", Expression: "1" }] }, "must not be given together"],
    [{ EvaluateLowSampleCountPercentile: "ignore" }, "EvaluateLowSampleCountPercentile is not supported"],
  ])("%j", async (more, why) => {
    const sent = engine.kernel.call("cloudwatch", "PutMetricAlarm", { ...errorsAlarm, ...more });
    await expect(sent).rejects.toThrow(why);
    expect(engine.events).toEqual([]);
  });
});
