import { oneOf } from "../kit/text.ts";
import type { Reading } from "./judge.ts";
import type { Metric } from "./schema.ts";
import { convert, formatThreshold, formatValue, meets, parseThreshold, type Threshold } from "./threshold.ts";

/** What a relative threshold is held against: what the metric was before the release. */
export interface Against {
  readonly baseline?: Reading | undefined;
}

/** Absolute limits in place of a relative threshold: all of them, or any one, has to be met. */
export type Resolved =
  | { readonly ok: true; readonly limits: readonly Threshold[]; readonly every: boolean }
  | { readonly ok: false; readonly why: string };

/** Whether a reading meets a threshold. Unknown holds and asks; it never passes and fires nothing (S14). */
export type Met =
  | { readonly kind: "met" | "unmet"; readonly limit: string }
  | { readonly kind: "unknown"; readonly why: string };

/** The metric's service level: what it says, or else its own threshold where that is a number. */
export function objectiveOf(metric: Pick<Metric, "objective" | "threshold">): Threshold | undefined {
  const parsed = parseThreshold(metric.objective ?? metric.threshold);
  if (!parsed.ok || parsed.value.relative !== undefined || parsed.value.of !== undefined) return undefined;
  return parsed.value;
}

/** The unit that a metric's readings are in. */
export function unitOf(metric: Pick<Metric, "objective" | "threshold" | "unit">): string {
  const parsed = parseThreshold(metric.threshold);
  if (!parsed.ok) return metric.unit ?? "";
  const { relative, unit } = parsed.value;
  if (relative === undefined) return unit === "" ? (metric.unit ?? "") : unit;
  if (metric.unit !== undefined) return metric.unit;
  if (unit === "pp") return "%";
  return unit === "%" || unit === "" ? (objectiveOf(metric)?.unit ?? "") : unit;
}

/** A threshold as absolute limits, or why it cannot be resolved, in words that say what is missing. */
export function resolve(
  threshold: Threshold,
  metric: Pick<Metric, "name" | "objective" | "threshold">,
  { baseline }: Against,
): Resolved {
  const { relative } = threshold;
  if (relative === undefined) return { ok: true, limits: [threshold], every: true };
  const objective = objectiveOf(metric);
  const from = relative.to === "baseline" ? baseline : objective;
  if (from?.value === undefined) {
    const none =
      relative.to === "baseline" ? "no baseline was taken of it" : "it has no objective to be held against";
    return { ok: false, why: `${metric.name}: ${none} (${formatThreshold(threshold)})` };
  }
  const far = distance(threshold, from.value, from.unit);
  if (far === undefined) {
    const units = `${threshold.unit || "no unit"} and ${from.unit || "no unit"}`;
    return { ok: false, why: `${metric.name}: ${units} do not go together (${formatThreshold(threshold)})` };
  }
  if (far === 0 && threshold.value !== 0) {
    const why = `the ${relative.to} of ${metric.name} is 0, and a percentage of it says nothing`;
    return { ok: false, why: `${why}; write points, such as ${relative.to} + 0.5 pp, or a number` };
  }
  const limit = (op: Threshold["op"], value: number): Threshold => ({
    op,
    value: Number(value.toPrecision(12)),
    unit: from.unit,
  });
  switch (threshold.op) {
    case "within":
      return {
        ok: true,
        limits: [limit(">=", from.value - far), limit("<=", from.value + far)],
        every: true,
      };
    case "outside":
      return { ok: true, limits: [limit("<", from.value - far), limit(">", from.value + far)], every: false };
    default:
      return { ok: true, limits: [limit(threshold.op, from.value + relative.sign * far)], every: true };
  }
}

function distance({ value, unit }: Threshold, from: number, fromUnit: string): number | undefined {
  if (unit === "%") return (Math.abs(from) * value) / 100;
  if (unit === "pp") return fromUnit === "%" ? value : undefined;
  return unit === "" ? value : convert(value, unit, fromUnit);
}

/** Holds a reading against a threshold, relative or not. */
export function holdAgainst(
  threshold: Threshold,
  metric: Pick<Metric, "name" | "objective" | "threshold">,
  reading: Pick<Reading, "value" | "unit" | "count">,
  against: Against,
): Met {
  const { value, unit, count } = reading;
  if (value === undefined || !Number.isFinite(value)) {
    return { kind: "unknown", why: `${metric.name} has no value` };
  }
  if (threshold.of !== undefined) return holdCount(threshold, metric.name, value, count);
  const resolved = resolve(threshold, metric, against);
  if (!resolved.ok) return { kind: "unknown", why: resolved.why };
  const met = resolved.limits.map((limit) => meets(limit, value, unit));
  if (met.includes(undefined)) {
    const wanted = resolved.limits[0]?.unit || "no unit";
    return { kind: "unknown", why: `${metric.name} is in ${unit || "no unit"}, the threshold in ${wanted}` };
  }
  const is = resolved.every ? met.every(Boolean) : met.some(Boolean);
  return { kind: is ? "met" : "unmet", limit: spokenLimit(threshold, resolved.limits) };
}

/** `< 1 %`, or `<= baseline + 10 % (0.22 %)`: what was written, and what it comes to. */
function spokenLimit(threshold: Threshold, limits: readonly Threshold[]): string {
  const written = formatThreshold(threshold);
  if (threshold.relative === undefined) return written;
  const comesTo = oneOf(
    limits.map((limit) => formatValue(limit.value, limit.unit)),
    "to",
  );
  return `${written} (${comesTo})`;
}

/**
 * `19 of 20`: so many of all. With fewer than 20 in all it is not known, unless even the missing ones could
 * not change it; with more the share counts.
 */
function holdCount(threshold: Threshold, name: string, passed: number, total: number | undefined): Met {
  const { of = 0, value: needed, op } = threshold;
  const limit = formatThreshold(threshold);
  if (total === undefined || !Number.isFinite(total))
    return { kind: "unknown", why: `${name}: the source does not say how many there were; ${of} are needed` };
  const [least, most] =
    total < of ? [passed, passed + of - total] : [passed, passed].map((n) => (n * of) / total);
  const bare: Threshold = { op, value: needed, unit: "" };
  const worst = meets(bare, least ?? 0);
  if (worst === undefined || worst !== meets(bare, most ?? 0))
    return {
      kind: "unknown",
      why: `${name}: only ${passed} of ${total} have passed so far; ${of} are needed`,
    };
  return { kind: worst ? "met" : "unmet", limit };
}

/** A result such as `19/20` or `19 of 20 passed`, held against `19 of 20`; undefined where either is none. */
export function judgeCounted(threshold: string, result: string): Met | undefined {
  const parsed = parseThreshold(threshold);
  const counted = /\b(\d+) ?(?:\/|of) ?(\d+)\b/i.exec(result);
  if (!parsed.ok || parsed.value.of === undefined || counted === null) return undefined;
  return holdCount(parsed.value, "it", Number(counted[1]), Number(counted[2]));
}
