import {
  CloudWatchServiceException,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "vitest";
import { NOON } from "../scheduler/testing.ts";
import { put, type VirtualCloudWatch, virtualCloudWatch } from "./testing.ts";

const MINUTE = 60_000;

let engine: VirtualCloudWatch;
beforeEach(() => {
  engine = virtualCloudWatch();
});

function putData(...MetricData: MetricDatum[]) {
  return engine.client.send(new PutMetricDataCommand({ Namespace: "shop", MetricData }));
}

function get(
  input: Partial<GetMetricDataCommandInput> & Pick<GetMetricDataCommandInput, "MetricDataQueries">,
) {
  const span = { StartTime: new Date(NOON - 10 * MINUTE), EndTime: new Date(NOON + 10 * MINUTE) };
  return engine.client.send(new GetMetricDataCommand({ ScanBy: "TimestampAscending", ...span, ...input }));
}

const stat = (Id: string, MetricName: string, Stat: string, Period = 60) => ({
  Id,
  MetricStat: { Metric: { Namespace: "shop", MetricName }, Period, Stat },
});

const at = (minutes: number) => new Date(NOON + minutes * MINUTE);

describe("metric data", () => {
  it("comes back by statistic and period, from single values, counted values and statistic sets", async () => {
    await putData(
      { MetricName: "Latency", Value: 10, Unit: "Milliseconds", Timestamp: at(0) },
      { MetricName: "Latency", Values: [20, 30], Counts: [2, 1], Unit: "Milliseconds", Timestamp: at(0.5) },
      {
        MetricName: "Latency",
        StatisticValues: { SampleCount: 4, Sum: 400, Minimum: 50, Maximum: 150 },
        Unit: "Milliseconds",
        Timestamp: at(1),
      },
    );
    const statistics = ["SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50"];
    const output = await get({
      MetricDataQueries: statistics.map((name, index) => stat(`q${index}`, "Latency", name)),
    });
    expect(output.MetricDataResults?.map(({ Values }) => Values)).toEqual([
      [4, 4],
      [80, 400],
      [20, 100],
      [10, 50],
      [30, 150],
      // The values of a statistic set are not known.
      [20],
    ]);
    expect(output.MetricDataResults?.[0]).toMatchObject({
      Label: "Latency",
      StatusCode: "Complete",
      Timestamps: [at(0), at(1)],
    });
  });

  it("keeps dimensions apart, and units together unless one is asked for", async () => {
    const Dimensions = [
      { Name: "b", Value: "2" },
      { Name: "a", Value: "1" },
    ];
    await putData(
      { MetricName: "N", Value: 1, Unit: "Count" },
      { MetricName: "N", Value: 2 },
      { MetricName: "N", Value: 4, Dimensions },
    );
    const Metric = { Namespace: "shop", MetricName: "N", Dimensions: Dimensions.toReversed() };
    const output = await get({
      MetricDataQueries: [
        stat("all", "N", "Sum"),
        { Id: "count", MetricStat: { ...stat("x", "N", "Sum").MetricStat, Unit: "Count" } },
        { Id: "own", MetricStat: { Metric, Period: 60, Stat: "Sum" } },
      ],
    });
    expect(output.MetricDataResults?.map(({ Values }) => Values)).toEqual([[3], [1], [4]]);
  });

  it("is worked out by expressions, which may use each other; what is not returned is not shown", async () => {
    for (const [minute, errors, requests] of [
      [0, 1, 100],
      [1, 5, 50],
      [2, 0, 0],
    ] as const) {
      await putData(
        { MetricName: "Errors", Value: errors, Timestamp: at(minute) },
        { MetricName: "Requests", Value: requests, Timestamp: at(minute) },
      );
    }
    const output = await get({
      MetricDataQueries: [
        { ...stat("errors", "Errors", "Sum"), ReturnData: false },
        { ...stat("requests", "Requests", "Sum"), ReturnData: false },
        { Id: "rate", Expression: "errors / requests", ReturnData: false },
        { Id: "percent", Expression: "100 * rate", Label: "error rate" },
      ],
    });
    expect(output.MetricDataResults).toEqual([
      {
        Id: "percent",
        Label: "error rate",
        StatusCode: "Complete",
        Timestamps: [at(0), at(1)],
        Values: [1, 10],
      },
    ]);
  });

  it("comes newest first unless told, and page by page", async () => {
    for (let minute = 0; minute < 5; minute++) await put(engine, minute, NOON + minute * MINUTE);
    const queries = { MetricDataQueries: [stat("m1", "Errors", "Sum"), stat("m2", "Errors", "SampleCount")] };
    const values = new Map<string, number[]>();
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const output = await get({ ...queries, MaxDatapoints: 3, NextToken, ScanBy: undefined });
      for (const { Id = "", Values = [] } of output.MetricDataResults ?? []) {
        values.set(Id, [...(values.get(Id) ?? []), ...Values]);
      }
      NextToken = output.NextToken;
      pages++;
    } while (NextToken !== undefined);
    expect(pages).toBe(4);
    expect(values.get("m1")).toEqual([4, 3, 2, 1, 0]);
    expect(values.get("m2")).toEqual([1, 1, 1, 1, 1]);
  });

  it("is kept by the second when asked to be", async () => {
    for (let second = 0; second < 60; second++) {
      await putData({
        MetricName: "Fast",
        Value: second,
        StorageResolution: 1,
        Timestamp: new Date(NOON + second * 1000),
      });
    }
    const output = await get({
      MetricDataQueries: [stat("m1", "Fast", "Maximum", 10)],
      StartTime: at(0),
      EndTime: at(1),
    });
    expect(output.MetricDataResults?.[0]?.Values).toEqual([9, 19, 29, 39, 49, 59]);
  });

  it("comes as statistics of one metric too", async () => {
    await putData({ MetricName: "Latency", Values: [1, 2, 3, 4], Unit: "Seconds" });
    const output = await engine.client.send(
      new GetMetricStatisticsCommand({
        Namespace: "shop",
        MetricName: "Latency",
        StartTime: at(-5),
        EndTime: at(5),
        Period: 300,
        Statistics: ["Average", "Maximum"],
        ExtendedStatistics: ["p75"],
      }),
    );
    expect(output.Label).toBe("Latency");
    expect(output.Datapoints).toEqual([
      { Timestamp: at(0), Average: 2.5, Maximum: 4, ExtendedStatistics: { p75: 3 }, Unit: "Seconds" },
    ]);
  });

  it("is listed by namespace, name and dimensions", async () => {
    const Dimensions = [{ Name: "stage", Value: "live" }];
    await putData({ MetricName: "A", Value: 1 }, { MetricName: "B", Value: 1, Dimensions });
    const list = async (input: object) =>
      (await engine.client.send(new ListMetricsCommand(input))).Metrics?.map(({ MetricName }) => MetricName);
    expect(await list({})).toEqual(["A", "B"]);
    expect(await list({ Namespace: "other" })).toEqual([]);
    expect(await list({ Dimensions: [{ Name: "stage" }] })).toEqual(["B"]);
    expect(await list({ Dimensions: [{ Name: "stage", Value: "test" }] })).toEqual([]);
    await engine.clock.advance(4 * 60 * MINUTE);
    expect(await list({ RecentlyActive: "PT3H" })).toEqual([]);
  });

  it("is forgotten after three days", async () => {
    await put(engine, 1);
    await engine.clock.advance(3 * 24 * 60 * MINUTE + 2 * MINUTE);
    await put(engine, 2);
    const output = await get({ MetricDataQueries: [stat("m1", "Errors", "Sum")], EndTime: at(6 * 24 * 60) });
    expect(output.MetricDataResults?.[0]?.Values).toEqual([2]);
  });

  it("of a service comes in at once, a thousand requests for the price of one", async () => {
    for (let request = 0; request < 10_000; request++) {
      engine.cloudwatch.sink.put(
        "AWS/Lambda",
        "Duration",
        { FunctionName: "shop" },
        {
          values: [{ value: request % 500, count: 1 }],
          unit: "Milliseconds",
        },
      );
    }
    await engine.clock.advance(1);
    expect(engine.kernel.store.archive("cloudwatch/minutes").count()).toBe(1);
    const Metric = {
      Namespace: "AWS/Lambda",
      MetricName: "Duration",
      Dimensions: [{ Name: "FunctionName", Value: "shop" }],
    };
    const output = await get({
      MetricDataQueries: [{ Id: "m1", MetricStat: { Metric, Period: 60, Stat: "p99" } }],
    });
    expect(output.MetricDataResults?.[0]?.Values?.[0]).toBeCloseTo(494, -1);
  });
});

describe("what is refused", () => {
  const refused: [string, object, string][] = [
    ["PutMetricData", { Namespace: "AWS/Lambda", MetricData: [{ MetricName: "N", Value: 1 }] }, "AWS/"],
    ["PutMetricData", { Namespace: "shop", MetricData: [{ MetricName: "N" }] }, "Value"],
    ["PutMetricData", { Namespace: "shop", EntityMetricData: [] }, "EntityMetricData is not supported"],
    [
      "PutMetricData",
      { Namespace: "shop", MetricData: [{ MetricName: "N", Value: 1, Unit: "Apples" }] },
      "Apples",
    ],
    [
      "PutMetricData",
      {
        Namespace: "shop",
        MetricData: [{ MetricName: "N", Value: 1, Timestamp: (NOON + 3 * 3_600_000) / 1000 }],
      },
      "two hours in the future",
    ],
    ["GetMetricData", { MetricDataQueries: [stat("m1", "N", "tm99")] }, "tm99"],
    ["GetMetricData", { MetricDataQueries: [stat("m1", "N", "Sum", 45)] }, "45"],
    ["GetMetricData", { MetricDataQueries: [stat("M1", "N", "Sum")] }, "small letter"],
    ["GetMetricData", { MetricDataQueries: [{ Id: "e1", Expression: "m9 + 1" }] }, "'m9'"],
    [
      "GetMetricData",
      {
        MetricDataQueries: [
          stat("m1", "N", "Sum"),
          { Id: "e1", Expression: "e2" },
          { Id: "e2", Expression: "e1" },
        ],
      },
      "made of itself",
    ],
    ["GetMetricData", { MetricDataQueries: [stat("m1", "N", "Sum")], LabelOptions: {} }, "LabelOptions"],
  ];

  it.each(refused)("%s %j", async (operation, input, why) => {
    const span = operation === "GetMetricData" ? { StartTime: NOON / 1000 - 60, EndTime: NOON / 1000 } : {};
    await expect(engine.kernel.call("cloudwatch", operation, { ...span, ...input })).rejects.toThrow(why);
  });

  it("comes to SDK clients as an error they know", async () => {
    const error = await putData({ MetricName: "N", Value: 1, Values: [2] }).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(CloudWatchServiceException);
    expect(error).toMatchObject({
      name: expect.stringContaining("InvalidParameterCombination"),
      message: "The parameters Value, Values and StatisticValues are mutually exclusive.",
    });
  });
});
