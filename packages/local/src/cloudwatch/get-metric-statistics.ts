import { type Input, optionalNumber, refuseOthers, texts } from "./checks.ts";
import { invalidCombination, missing } from "./errors.ts";
import { parseSpan } from "./get-metric-data.ts";
import { optionalUnit, parseMetric } from "./metric.ts";
import { beginnings } from "./queries.ts";
import { checkPeriod, parseStatistic, SHORT_PERIODS, statisticOf } from "./statistic.ts";
import type { MetricStore } from "./store.ts";

const MOST_POINTS = 1440;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
export function getMetricStatistics(store: MetricStore, input: Input) {
  refuseOthers(
    "GetMetricStatistics",
    input,
    "Namespace MetricName Dimensions StartTime EndTime Period Statistics ExtendedStatistics Unit",
  );
  const metric = parseMetric(input);
  const given = optionalNumber(input, "Period");
  if (given === undefined) throw missing("Period");
  const period = checkPeriod(given, SHORT_PERIODS);
  const plain = texts(input, "Statistics").map((each) => ({ name: each, ...parsed(each, "Statistics") }));
  const extended = texts(input, "ExtendedStatistics");
  if (plain.length + extended.length === 0) throw missing("Statistics or ExtendedStatistics");
  const percentiles = extended.map((each) => ({ name: each, ...parsed(each, "ExtendedStatistics") }));
  const unit = optionalUnit(input);
  const span = parseSpan(input, [{ period }]);
  const times = beginnings(span, period);
  if (times.length > MOST_POINTS) {
    throw invalidCombination(
      `You have requested up to ${times.length} datapoints, which exceeds the limit of ${MOST_POINTS}. ` +
        "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    );
  }
  const points = times.flatMap((at) => {
    const aggregate = store.read(metric, unit, at, at + period * 1000);
    if (aggregate === undefined) return [];
    const values = (all: typeof plain) =>
      Object.fromEntries(
        all.flatMap(({ name, statistic }) => {
          const value = statisticOf(aggregate, statistic);
          return value === undefined ? [] : [[name, value]];
        }),
      );
    return [
      {
        Timestamp: new Date(at),
        ...values(plain),
        ...(percentiles.length === 0 ? {} : { ExtendedStatistics: values(percentiles) }),
        Unit: unit ?? store.unitOf(metric) ?? "None",
      },
    ];
  });
  return { Label: metric.name, Datapoints: points };
}

function parsed(text: string, member: string) {
  return { statistic: parseStatistic(text, member) };
}
