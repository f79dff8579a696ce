import { type Duration, toMs } from "../kit/duration.ts";
import { type Instant, toMillis } from "../kit/instant.ts";
import { type Against, holdAgainst, resolve } from "./relative.ts";
import type { Metric } from "./schema.ts";
import { convert, formatThreshold, formatValue, parseThreshold, type Threshold } from "./threshold.ts";

/** Pass, fail, or hold: what is neither known to be good nor known to be bad is asked about (S14). */
export type Verdict = "pass" | "fail" | "hold";

/** What a source said of a metric. `value` is missing when there was nothing to read. */
export interface Reading {
  readonly metric: string;
  readonly value?: number;
  readonly unit: string;
  /** On how many requests or sessions the value stands; missing where the source cannot tell. */
  readonly count?: number;
  /** The time it speaks of. */
  readonly from: Instant;
  readonly to: Instant;
  /** Why there is no value, or what else to know. */
  readonly note?: string;
}

/**
 * A reading as the log can keep it: what is no finite number is no value, and a count that is none is no
 * count. NaN has no form in JSON, and must not keep a visit from being recorded.
 */
export function finite(reading: Reading): Reading {
  const { value, count, ...rest } = reading;
  const isValue = value === undefined || Number.isFinite(value);
  return {
    ...rest,
    ...(value === undefined || !isValue ? {} : { value }),
    ...(count === undefined || !Number.isFinite(count) ? {} : { count }),
    ...(isValue ? {} : { note: `the source said ${value}, which is not a number` }),
  };
}

/** A verdict with its grounds, as the log keeps it. */
export interface Judged {
  readonly metric: string;
  readonly verdict: Verdict;
  readonly why: string;
  /** What the verdict rests on: a value, the lack of one, or an alarm's state. */
  readonly grounds: "value" | "no-data" | "alarm";
  readonly reading?: Reading;
  /** What it was before the release, where that was taken. */
  readonly baseline?: Comparison;
}

/** A value beside the one from before the release. */
export interface Comparison {
  readonly value: number;
  readonly unit: string;
  /** In percent of the baseline; missing where that is 0. */
  readonly change?: number;
}

/** A reading that ends longer ago than this no longer speaks of the present. */
export const STALE_AFTER = 15 * 60_000;

/**
 * How many events a reading must stand on before it can show that the threshold is met: by the rule of
 * three, none in n shows a rate under 3/n at 95 % (Hanley and Lippman-Hand, JAMA 1983). Under 1 % needs
 * 300; at least 99.5 % needs 600. A metric that is no rate needs none unless the plan says so.
 */
export function neededCount(metric: Metric, threshold: Threshold): number {
  if (metric.minCount !== undefined) return metric.minCount;
  if (threshold.of !== undefined) return threshold.of;
  if (threshold.unit !== "%" || threshold.relative !== undefined) return 0;
  const allowed = threshold.op === "<" || threshold.op === "<=" ? threshold.value : 100 - threshold.value;
  return allowed > 0 && allowed <= 10 ? Math.ceil(300 / allowed) : 0;
}

/** The same for a threshold that is resolved against the baseline first. */
function neededAgainst(metric: Metric, threshold: Threshold, against: Against): number {
  const resolved = resolve(threshold, metric, against);
  if (!resolved.ok || threshold.of !== undefined) return neededCount(metric, threshold);
  return Math.max(0, ...resolved.limits.map((limit) => neededCount(metric, limit)));
}

/** Whether a reading shows the metric within its threshold. Never `fail`: that is for triggers to say. */
export function judgeReading(
  metric: Metric,
  reading: Reading | undefined,
  now: Instant,
  stated?: string,
  against: Against = {},
): Judged {
  const threshold = thresholdOf(stated ?? metric.threshold);
  const hold = (why: string, grounds: Judged["grounds"] = "no-data"): Judged => ({
    metric: metric.id,
    verdict: "hold",
    why,
    grounds,
    ...(reading === undefined ? {} : { reading }),
    ...compared(reading, against.baseline),
  });
  if (reading === undefined) return hold(`${metric.name} was not read`);
  if (reading.value === undefined)
    return hold(`${metric.name} has no value${reading.note ? `: ${reading.note}` : ""}`);
  if (!Number.isFinite(reading.value)) return hold(`${metric.name} is not a number`);
  if (toMillis(now) - toMillis(reading.to) > STALE_AFTER)
    return hold(`${metric.name} was last seen at ${reading.to}`);
  const needed = neededAgainst(metric, threshold, against);
  if (needed > 0 && reading.count === undefined) {
    return hold(`${metric.name}: the source does not say how many events it counts; ${needed} are needed`);
  }
  if (needed > 0 && !((reading.count ?? 0) >= needed)) {
    return hold(
      `${metric.name} stands on ${reading.count} events; ${needed} are needed to say ${formatThreshold(threshold)}`,
    );
  }
  const shown = formatValue(reading.value, reading.unit);
  const met = holdAgainst(threshold, metric, reading, against);
  if (met.kind === "unknown") return hold(met.why);
  if (met.kind === "unmet") return hold(`${metric.name} is ${shown}, not ${met.limit}`, "value");
  const why = `${metric.name} is ${shown}, ${met.limit}`;
  const comparison = compared(reading, against.baseline);
  return { metric: metric.id, verdict: "pass", why, grounds: "value", reading, ...comparison };
}

/** A reading beside the baseline; nothing where either has no value, or their units differ. */
export function compared(
  reading: Reading | undefined,
  baseline: Reading | undefined,
): { readonly baseline?: Comparison } {
  if (reading?.value === undefined || baseline?.value === undefined) return {};
  const before = convert(baseline.value, baseline.unit, reading.unit);
  if (before === undefined) return {};
  const change = before === 0 ? undefined : ((reading.value - before) / Math.abs(before)) * 100;
  const base = { value: before, unit: reading.unit };
  return { baseline: change === undefined ? base : { ...base, change: Number(change.toPrecision(4)) } };
}

/** The worst of several verdicts: fail before hold before pass. Nothing judged passes nothing. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.length === 0 || verdicts.includes("hold") ? "hold" : "pass";
}

/** The threshold of a plan that was parsed, and so is known to be well formed. */
export function thresholdOf(text: string): Threshold {
  const result = parseThreshold(text);
  if (!result.ok) throw new Error(`not a threshold: ${text}`);
  return result.value;
}

/** A value in the unit of a threshold, for charts. */
export function inUnitOf(threshold: Threshold, value: number, unit: string): number | undefined {
  return convert(value, unit, threshold.unit);
}

/** The stretch of time that a watch's readings cover: since it was opened, or the metric's own. */
export function windowOf(metric: Metric, opened: Instant, now: Instant): { from: Instant; to: Instant } {
  if (metric.over === undefined) return { from: opened, to: now };
  return { from: new Date(toMillis(now) - toMs(metric.over as Duration)).toISOString() as Instant, to: now };
}
