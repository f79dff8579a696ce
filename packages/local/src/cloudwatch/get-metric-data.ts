import { type Input, optionalCount, optionalOneOf, optionalText, refuseOthers, time } from "./checks.ts";
import { invalidCombination, validation } from "./errors.ts";
import { parseQueries, type Query, QueryRun } from "./queries.ts";
import { SHORT_PERIODS } from "./statistic.ts";
import type { MetricStore } from "./store.ts";

const MOST_POINTS = 100_800;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function getMetricData(store: MetricStore, input: Input) {
  refuseOthers("GetMetricData", input, "MetricDataQueries StartTime EndTime NextToken ScanBy MaxDatapoints");
  const queries = parseQueries(input, "MetricDataQueries", SHORT_PERIODS);
  const span = parseSpan(input, queries);
  const order = optionalOneOf(input, "ScanBy", ["TimestampDescending", "TimestampAscending"] as const);
  const most = optionalCount(input, "MaxDatapoints", MOST_POINTS) ?? MOST_POINTS;
  const run = new QueryRun(store, queries, span);
  const all = queries
    .filter(({ returned }) => returned)
    .map((query) => {
      const points = [...run.series(query.id)].sort(([a], [b]) => a - b);
      return { query, points: order === "TimestampAscending" ? points : points.reverse() };
    });
  return onePage(all, parseToken(optionalText(input, "NextToken")), most);
}

interface Result {
  readonly query: Query;
  readonly points: readonly (readonly [number, number])[];
}

/** Data points are counted over all results, in their order; a token says how many have been given. */
function onePage(all: readonly Result[], given: number, most: number) {
  const total = all.reduce((sum, { points }) => sum + points.length, 0);
  const end = given + most;
  let before = 0;
  const results = all.flatMap(({ query, points }) => {
    const from = Math.max(0, given - before);
    const to = Math.min(points.length, end - before);
    before += points.length;
    // On a later page, a result that has been given in full is not repeated.
    if (from >= points.length && given > 0) return [];
    const part = points.slice(from, Math.max(from, to));
    return [
      {
        Id: query.id,
        Label: query.label ?? (query.kind === "metric" ? query.metric.name : query.id),
        Timestamps: part.map(([at]) => new Date(at)),
        Values: part.map(([, value]) => value),
        StatusCode: to < points.length ? "PartialData" : "Complete",
      },
    ];
  });
  return {
    MetricDataResults: results,
    Messages: [],
    ...(end < total ? { NextToken: Buffer.from(`points:${end}`).toString("base64") } : {}),
  };
}

function parseToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, given] = /^points:(\d+)$/.exec(Buffer.from(token, "base64").toString()) ?? [];
  if (given === undefined) throw validation("NextToken is not one that GetMetricData has returned");
  return Number(given);
}

/** The start is rounded down to the minute, or to the short period where there is one. */
export function parseSpan(input: Input, periods: readonly { readonly period?: number }[]) {
  const start = time(input, "StartTime");
  const to = time(input, "EndTime");
  if (start >= to) {
    throw invalidCombination("The parameter StartTime must be less than the parameter EndTime.");
  }
  const shortest = Math.min(60, ...periods.flatMap(({ period }) => period ?? []));
  return { from: Math.floor(start / (shortest * 1000)) * shortest * 1000, to };
}
