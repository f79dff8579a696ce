import { compared, thresholdOf } from "../metric/judge.ts";
import { resolve } from "../metric/relative.ts";
import type { Metric } from "../metric/schema.ts";
import { formatThreshold } from "../metric/threshold.ts";
import type { ReleaseState } from "../release/state.ts";
import type { MetricView } from "./schema.ts";

/** What a metric was before the release, and its limit as a number where that depends on it. */
export function besideBaseline(metric: Metric, state: ReleaseState): Pick<MetricView, "baseline" | "limit"> {
  const before = state.baseline?.readings[metric.id];
  const reading = state.metrics[metric.id]?.reading;
  const bare = before?.value === undefined ? {} : { baseline: { value: before.value, unit: before.unit } };
  const threshold = thresholdOf(metric.threshold);
  const resolved = resolve(threshold, metric, { baseline: before });
  const limits = threshold.relative !== undefined && resolved.ok ? resolved.limits : [];
  return {
    ...bare,
    ...compared(reading, before),
    ...(limits.length === 0 ? {} : { limit: limits.map(formatThreshold).join(" and ") }),
  };
}
