import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import type { Reading } from "@gonogo/core/metric/judge";
import type { MetricReader, Point, ReadingRequest } from "@gonogo/core/metric/port";
import { unitOf as unitOfMetric } from "@gonogo/core/metric/relative";
import { convert } from "@gonogo/core/metric/threshold";
import type { AwsConfig } from "../aws/config.ts";
import { combine, combinesAs, type Part } from "./combine.ts";
import { type Queries, queriesForAlarm, queriesForMetric } from "./queries.ts";

/** Reads metrics of CloudWatch: those a plan names, and those its alarms watch. */
export class CloudWatchMetrics implements MetricReader {
  readonly #client: CloudWatchClient;

  constructor(config: AwsConfig) {
    this.#client = new CloudWatchClient(config);
  }

  async read(request: ReadingRequest): Promise<Reading> {
    const { metric, from, to } = request;
    const unit = unitOfMetric(metric);
    // CloudWatch refuses a stretch of no length, which a check at the very moment of a shift would ask for.
    if (to <= from) return { metric: metric.id, unit, from, to, note: "no time has passed to read it over" };
    const queries = await this.#queries(request);
    if (queries === undefined) return { metric: metric.id, unit, from, to, note: "its alarm does not exist" };
    const parts = await this.#parts(request, queries);
    const shown = queries.value.find(({ ReturnData }) => ReturnData !== false);
    const combined = combine(parts, combinesAs(shown?.MetricStat?.Stat));
    const reading = { metric: metric.id, unit: unitOf(queries.unit) ?? unit, from, to, ...combined };
    return combined.value === undefined ? { ...reading, note: "CloudWatch has no data" } : reading;
  }

  async course(request: ReadingRequest, points: number): Promise<readonly Point[]> {
    const queries = await this.#queries(request);
    const parts = queries === undefined ? [] : await this.#parts(request, queries);
    const step = Math.max(1, Math.ceil(parts.length / points));
    const wanted = unitOfMetric(request.metric);
    const unit = unitOf(queries?.unit) ?? wanted;
    return parts
      .filter((_, index) => index % step === 0)
      .map(({ at, value }) => ({ at: fromMillis(at), value: convert(value, unit, wanted) ?? value }));
  }

  async #queries(request: ReadingRequest): Promise<Queries | undefined> {
    const { source } = request.metric;
    if (source.kind === "cloudwatch") {
      const { namespace, metric, dimensions, statistic, unit } = source;
      const stat = { namespace, metric, dimensions, statistic };
      return queriesForMetric(request, unit === undefined ? stat : { ...stat, unit });
    }
    if (source.kind !== "cloudwatch-alarm") return undefined;
    const alarm = await this.#alarm(source.alarm);
    return alarm === undefined ? undefined : queriesForAlarm(request, alarm);
  }

  async #alarm(name: string): Promise<MetricAlarm | undefined> {
    const answer = await this.#client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return answer.MetricAlarms?.[0];
  }

  async #parts(request: ReadingRequest, queries: Queries): Promise<Part[]> {
    const shown = queries.value.find(({ ReturnData }) => ReturnData !== false);
    const answers = await this.#ask(request, [
      ...queries.value,
      ...(queries.count === undefined ? [] : [queries.count]),
    ]);
    const counts = answers.get("count") ?? new Map<number, number>();
    return [...(answers.get(shown?.Id ?? "") ?? [])]
      .map(([at, value]) => ({
        at,
        value,
        ...(queries.count === undefined ? {} : { count: counts.get(at) ?? 0 }),
      }))
      .toSorted((a, b) => a.at - b.at);
  }

  async #ask(request: ReadingRequest, queries: Queries["value"]): Promise<Map<string, Map<number, number>>> {
    const found = new Map<string, Map<number, number>>();
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new GetMetricDataCommand({
          StartTime: new Date(Math.floor(toMillis(request.from) / 60_000) * 60_000),
          EndTime: new Date(Math.ceil(toMillis(request.to) / 1_000) * 1_000),
          MetricDataQueries: queries,
          ScanBy: "TimestampAscending",
          NextToken: token,
        }),
      );
      for (const { Id, Timestamps, Values } of page.MetricDataResults ?? []) {
        const series = found.get(Id ?? "") ?? new Map<number, number>();
        for (const [index, at] of (Timestamps ?? []).entries())
          series.set(at.getTime(), Values?.[index] ?? Number.NaN);
        found.set(Id ?? "", series);
      }
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  }
}

/** CloudWatch's names for units, as thresholds spell them. */
function unitOf(unit: string | undefined): string | undefined {
  switch (unit) {
    case "Percent":
      return "%";
    case "Milliseconds":
      return "ms";
    case "Seconds":
      return "s";
    case "Count":
    case "None":
      return "";
    default:
      return unit;
  }
}
