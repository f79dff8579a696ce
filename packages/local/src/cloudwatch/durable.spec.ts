import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore } from "../kernel/store.ts";
import { NOON } from "../scheduler/testing.ts";
import { errorsAlarm, put, type VirtualCloudWatch, virtualCloudWatch } from "./testing.ts";

const MINUTE = 60_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gonogo-cloudwatch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One life of the engine over the same file. */
async function life(start: number, run: (engine: VirtualCloudWatch) => Promise<unknown>) {
  const store = openStore(join(folder, "engine.sqlite"));
  const engine = virtualCloudWatch({ store, start });
  engine.cloudwatch.resume();
  await run(engine);
  store.close();
  expect(engine.errors).toEqual([]);
  return engine.changes();
}

it("an alarm goes on after a restart, with the data of before", async () => {
  await life(NOON, async (engine) => {
    await engine.kernel.call("cloudwatch", "PutMetricAlarm", { ...errorsAlarm, EvaluationPeriods: 3 });
    for (let minute = 0; minute < 2; minute++) {
      await put(engine, 20);
      await engine.clock.advance(MINUTE);
    }
  });
  const changes = await life(NOON + 2 * MINUTE, async (engine) => {
    await put(engine, 20);
    await engine.clock.advance(MINUTE + 1_000);
  });
  expect(changes).toEqual([
    { at: 3 * MINUTE + 1_000, alarm: "errors", from: "INSUFFICIENT_DATA", to: "ALARM" },
  ]);
  const after = await life(NOON + 4 * MINUTE, async (engine) => {
    for (let minute = 0; minute < 3; minute++) {
      await put(engine, 1);
      await engine.clock.advance(MINUTE);
    }
  });
  expect(after).toEqual([{ at: 5 * MINUTE + 1_000, alarm: "errors", from: "ALARM", to: "OK" }]);
});

it("composite alarms and history outlive the process", async () => {
  await life(NOON, async ({ kernel }) => {
    await kernel.call("cloudwatch", "PutMetricAlarm", errorsAlarm);
    await kernel.call("cloudwatch", "PutCompositeAlarm", { AlarmName: "any", AlarmRule: "ALARM(errors)" });
  });
  const changes = await life(NOON + 60 * MINUTE, async (engine) => {
    await put(engine, 20);
    await engine.clock.advance(MINUTE + 1_000);
    const history = await engine.kernel.call("cloudwatch", "DescribeAlarmHistory", { AlarmName: "any" });
    expect(history).toMatchObject({
      AlarmHistoryItems: [
        { HistorySummary: "Alarm updated from OK to ALARM" },
        { HistorySummary: "Alarm updated from INSUFFICIENT_DATA to OK" },
        { HistorySummary: 'Alarm "any" created' },
      ],
    });
  });
  expect(changes.map(({ alarm, to }) => `${alarm} ${to}`)).toEqual(["errors ALARM", "any ALARM"]);
});

it("metrics of every form come back from the disk as they were", async () => {
  const read = async (engine: VirtualCloudWatch) =>
    await engine.kernel.call("cloudwatch", "GetMetricStatistics", {
      Namespace: "shop",
      MetricName: "Latency",
      StartTime: NOON / 1000,
      EndTime: NOON / 1000 + 60,
      Period: 10,
      Statistics: ["SampleCount", "Sum", "Minimum", "Maximum"],
      ExtendedStatistics: ["p90"],
    });
  let before: unknown;
  await life(NOON, async (engine) => {
    for (let second = 0; second < 60; second++) {
      const Values = Array.from({ length: 150 }, (_, at) => second * 7 + at * 13);
      const datum = { MetricName: "Latency", Values, StorageResolution: 1, Timestamp: NOON / 1000 + second };
      await engine.kernel.call("cloudwatch", "PutMetricData", { Namespace: "shop", MetricData: [datum] });
    }
    before = await read(engine);
  });
  await life(NOON + 10 * MINUTE, async (engine) => expect(await read(engine)).toEqual(before));
  expect(before).toMatchObject({ Datapoints: Array.from({ length: 6 }, () => ({ SampleCount: 1_500 })) });
});

it("a service's own metrics are on disk when the turn is over, and forgotten on disk after three days", async () => {
  await life(NOON, async ({ cloudwatch, clock }) => {
    cloudwatch.sink.put("AWS/Lambda", "Errors", {}, { values: [{ value: 1, count: 3 }], unit: "Count" });
    await clock.advance(1);
  });
  await life(NOON + MINUTE, async ({ kernel }) => {
    expect(kernel.store.archive("cloudwatch/minutes").count()).toBe(1);
    expect(await kernel.call("cloudwatch", "ListMetrics", {})).toMatchObject({
      Metrics: [{ Namespace: "AWS/Lambda", MetricName: "Errors", Dimensions: [] }],
    });
  });
  await life(NOON + 4 * 24 * 60 * MINUTE, async ({ kernel }) => {
    expect(kernel.store.archive("cloudwatch/minutes").count()).toBe(0);
  });
});
