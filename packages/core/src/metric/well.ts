import { thresholdOf } from "./judge.ts";
import { objectiveOf } from "./relative.ts";
import type { Metric } from "./schema.ts";

/** What a metric says when all is well, for worlds that have no traffic: it passes, and on many events. */
export function wellValue(metric: Metric): { value: number; count: number } {
  const threshold = thresholdOf(metric.threshold);
  if (threshold.of !== undefined) return { value: threshold.of, count: threshold.of };
  const { op, value } =
    threshold.relative === undefined ? threshold : (objectiveOf(metric) ?? { op: "<", value: 2 });
  const isUpper = op === "<" || op === "<=";
  return { value: isUpper ? value / 2 : (value + Math.max(100, value)) / 2, count: 100_000 };
}
