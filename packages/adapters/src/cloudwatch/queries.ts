import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { toMillis } from "@gonogo/core/kit/instant";
import type { ReadingRequest } from "@gonogo/core/metric/port";
import { findComponent } from "@gonogo/core/plan/graph";

/** What is asked of GetMetricData for one reading: the value, and on how many events it stands. */
export interface Queries {
  readonly value: MetricDataQuery[];
  /** The id of the query whose sum is the count; undefined where nothing is counted. */
  readonly count?: MetricDataQuery;
  /** The unit of the value, where the source says so. */
  readonly unit?: string;
}

interface Stat {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly unit?: string;
}

const MINUTE = 60_000;

/** One minute for a watch of some hours; longer for longer ones, so that an answer stays below 1,440 points. */
export function periodFor(request: Pick<ReadingRequest, "from" | "to">): number {
  const window = toMillis(request.to) - toMillis(request.from);
  if (window <= 1_440 * MINUTE) return 60;
  return window <= 5 * 1_440 * MINUTE ? 300 : 3_600;
}

/** For a metric that is named in the plan. */
export function queriesForMetric(request: ReadingRequest, stat: Stat): Queries {
  const period = periodFor(request);
  const own = ownVersion(request, stat);
  return {
    value: [query("value", own, period)],
    count: query("count", { ...own, statistic: "SampleCount" }, period),
    ...(stat.unit === undefined ? {} : { unit: stat.unit }),
  };
}

/** For the metric that an alarm watches: one metric, or an expression over several. */
export function queriesForAlarm(request: ReadingRequest, alarm: MetricAlarm): Queries {
  const period = periodFor(request);
  if (alarm.Metrics === undefined || alarm.Metrics.length === 0) {
    const stat: Stat = {
      namespace: alarm.Namespace ?? "",
      metric: alarm.MetricName ?? "",
      dimensions: dimensionsOf(alarm.Dimensions),
      statistic: alarm.ExtendedStatistic ?? alarm.Statistic ?? "Average",
    };
    return queriesForMetric(request, alarm.Unit === undefined ? stat : { ...stat, unit: alarm.Unit });
  }
  const value = alarm.Metrics.map((one): MetricDataQuery => {
    const { MetricStat: found } = one;
    if (found?.Metric === undefined)
      return { Id: one.Id, Expression: one.Expression, ReturnData: one.ReturnData };
    const stat = statOf(found);
    return { ...query(one.Id ?? "m", ownVersion(request, stat), period), ReturnData: one.ReturnData };
  });
  const counted = alarm.Metrics.find(({ MetricStat }) => COUNTS.test(MetricStat?.Metric?.MetricName ?? ""));
  const basis = counted ?? alarm.Metrics.find(({ MetricStat }) => MetricStat !== undefined);
  if (basis?.MetricStat === undefined) return { value };
  const stat = ownVersion(request, statOf(basis.MetricStat));
  const statistic = counted === undefined ? "SampleCount" : "Sum";
  return { value, count: query("count", { ...stat, statistic }, period) };
}

/** Metrics that count requests: a rate over them stands on their sum. */
const COUNTS = /^(invocations|requestcount|requests|count)$/i;

/**
 * The new version's own figures. A function behind a weighted alias has them under ExecutedVersion, so that
 * ninety per cent of good traffic does not hide ten per cent of bad.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
function ownVersion(request: ReadingRequest, stat: Stat): Stat {
  const { component, metric, plan } = request;
  if (component === undefined || metric.component === undefined || stat.namespace !== "AWS/Lambda")
    return stat;
  const target = findComponent(plan, metric.component)?.target;
  if (target?.kind !== "lambda-alias" || stat.dimensions.FunctionName !== target.function) return stat;
  const Resource = `${target.function}:${target.alias}`;
  const dimensions = { FunctionName: target.function, Resource };
  // At 100 % the alias is not split, and all that it gets is the new version's.
  if (component.observed.secondary === undefined) return { ...stat, dimensions };
  return { ...stat, dimensions: { ...dimensions, ExecutedVersion: component.next } };
}

function statOf(found: NonNullable<MetricDataQuery["MetricStat"]>): Stat {
  const stat = {
    namespace: found.Metric?.Namespace ?? "",
    metric: found.Metric?.MetricName ?? "",
    dimensions: dimensionsOf(found.Metric?.Dimensions),
    statistic: found.Stat ?? "Average",
  };
  return found.Unit === undefined ? stat : { ...stat, unit: found.Unit };
}

function dimensionsOf(dimensions: { Name?: string | undefined; Value?: string | undefined }[] | undefined) {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name ?? "", Value ?? ""]));
}

function query(id: string, stat: Stat, period: number): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: stat.namespace,
        MetricName: stat.metric,
        Dimensions: Object.entries(stat.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: period,
      Stat: stat.statistic,
    },
    ReturnData: true,
  };
}
