import { type Aggregate, percentile } from "./aggregate.ts";
import { invalidValue } from "./errors.ts";

/** The statistics the engine serves; trimmed means and the like are refused by name. */
export type Statistic =
  | { readonly kind: "SampleCount" | "Sum" | "Average" | "Minimum" | "Maximum" }
  | { readonly kind: "percentile"; readonly percent: number };

const PLAIN = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"] as const;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
export function parseStatistic(text: string, member = "Stat"): Statistic {
  const plain = PLAIN.find((each) => each === text);
  if (plain !== undefined) return { kind: plain };
  const [, percent] = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) <= 100) {
    return { kind: "percentile", percent: Number(percent) };
  }
  throw invalidValue(
    `The value ${text} for parameter ${member} is not supported by the embedded engine ` +
      `(supported: ${PLAIN.join(", ")}, and percentiles p0 to p100 such as p99 or p99.9).`,
  );
}

/** Undefined where there is nothing to tell: no data, or a percentile of statistic sets. */
export function statisticOf(of: Aggregate | undefined, statistic: Statistic): number | undefined {
  if (of === undefined || of.count === 0) return undefined;
  switch (statistic.kind) {
    case "SampleCount":
      return of.count;
    case "Sum":
      return of.sum;
    case "Average":
      return of.sum / of.count;
    case "Minimum":
      return of.minimum;
    case "Maximum":
      return of.maximum;
    case "percentile":
      return percentile(of, statistic.percent);
  }
}

/**
 * Seconds. A period is a multiple of 60, or one of the short ones of high-resolution metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
 */
export function checkPeriod(period: number, short: readonly number[]): number {
  if (short.includes(period)) return period;
  if (Number.isInteger(period) && period >= 60 && period % 60 === 0 && period <= 86_400 * 7) return period;
  throw invalidValue(
    `The value ${period} for parameter Period is invalid: it must be ${short.join(", ")} or a multiple of 60.`,
  );
}

export const SHORT_PERIODS = [1, 5, 10, 20, 30] as const;
