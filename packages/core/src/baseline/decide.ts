import { plus } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import { finite, type Reading } from "../metric/judge.ts";
import type { Metric } from "../metric/schema.ts";
import { convert, formatValue, parseThreshold } from "../metric/threshold.ts";
import type { Plan } from "../plan/schema.ts";
import type { Draft } from "../release/draft.ts";
import type { ReleaseState } from "../release/state.ts";
import type { Restored, Unread } from "./events.ts";
import { baselineMetrics, baselineRequests, isVerifying } from "./wanted.ts";

/** Why the start is held for want of a baseline, or what there is to record of it. */
export function baselineOf(
  draft: Draft,
  given: readonly Reading[],
): { readonly reasons: string[]; readonly record: () => void } {
  const { plan, now } = draft;
  const [first] = baselineRequests(plan, now);
  if (plan.baseline === undefined || first === undefined) return { reasons: [], record: () => {} };
  const readings = given.map(finite);
  const unread = baselineMetrics(plan).flatMap((metric): Unread[] => {
    const why = whyUnread(readings.find((reading) => reading.metric === metric.id));
    return why === undefined ? [] : [{ metric: metric.id, why }];
  });
  const held = plan.baseline.unread === "hold" ? unread : [];
  const nameOf = (id: string) => plan.metrics.find((metric) => metric.id === id)?.name ?? id;
  return {
    reasons: held.map(
      ({ metric, why }) =>
        `the baseline of ${nameOf(metric)} could not be taken: ${why} (baseline.unread: hold)`,
    ),
    record: () => {
      const missing = new Set(unread.map(({ metric }) => metric));
      const known = readings.filter(
        ({ metric }) => !missing.has(metric) && baselineMetrics(plan).some(({ id }) => id === metric),
      );
      draft.emit({ type: "BaselineTaken", from: first.from, to: first.to, readings: known, unread });
    },
  };
}

function whyUnread(reading: Reading | undefined): string | undefined {
  if (reading === undefined) return "it was not read";
  if (reading.value === undefined) return reading.note ?? "it has no value";
  return reading.count === 0 ? "nothing happened that it could be measured by" : undefined;
}

/** Until when a rollback is compared with the baseline; undefined where there is none to compare with. */
export function verifyUntil(draft: Draft) {
  const { plan, state, now } = draft;
  const touched = Object.values(state.components).some((component) => component.touched);
  if (plan.baseline === undefined || state.baseline === undefined || !touched) return undefined;
  if (Object.keys(state.baseline.readings).length === 0) return undefined;
  return plus(now, plan.baseline.verifyWithin);
}

/** After a rollback: which metrics are back where they were. Written down when that changes. */
export function settleVerification(draft: Draft, readings: readonly Reading[]): void {
  const { plan, state, now } = draft;
  const { rollback } = state;
  if (!isVerifying(state) || rollback?.verification === undefined) return;
  const results = baselineMetrics(plan)
    .filter(({ id }) => state.baseline?.readings[id] !== undefined)
    .map((metric) => restored(plan, state, metric, readings));
  const isOver = now >= rollback.verification.until;
  const done = isOver || results.every(({ verdict }) => verdict === "back");
  const said = (all: readonly Restored[]) => all.map(({ metric, verdict }) => `${metric} ${verdict}`).join();
  if (!done && said(results) === said(rollback.verification.results)) return;
  draft.emit({ type: "BaselineVerified", n: rollback.n, results, done });
  if (!done) return;
  const off = results.filter(({ verdict }) => verdict !== "back");
  if (off.length === 0) {
    const back = `compared with the baseline: ${results.map(({ why }) => why).join("; ")}`;
    tell(draft, `restored-${rollback.n}`, "status", back);
  } else {
    const left = `the traffic is back, but not everything is as it was: ${oneOf(
      off.map(({ why }) => why),
      "and",
    )}`;
    tell(draft, `restored-${rollback.n}`, "page", left);
  }
}

function restored(plan: Plan, state: ReleaseState, metric: Metric, readings: readonly Reading[]): Restored {
  const { id, name } = metric;
  const baseline = state.baseline?.readings[id];
  const reading = readings.find((one) => one.metric === id);
  const unknown = (why: string): Restored => ({ metric: id, verdict: "unknown", why: `${name}: ${why}` });
  if (baseline?.value === undefined) return unknown("it has no baseline");
  if (reading?.value === undefined) return unknown(reading?.note ?? "it has not been read since");
  if (reading.count === 0) return unknown("nothing has happened yet that it could be measured by");
  const value = convert(reading.value, reading.unit, baseline.unit);
  if (value === undefined) return unknown(`it is in ${reading.unit}, its baseline in ${baseline.unit}`);
  const far = (Math.abs(baseline.value) * (plan.baseline?.tolerance ?? 0)) / 100;
  const isBack = !isWorse(metric, value - baseline.value, far);
  const shown = `${name} is ${formatValue(value, baseline.unit)}, it was ${formatValue(baseline.value, baseline.unit)}`;
  return { metric: id, verdict: isBack ? "back" : "off", why: shown };
}

/** Better than before is back, too; which way is better the metric's threshold says. */
function isWorse(metric: Metric, change: number, far: number): boolean {
  const parsed = parseThreshold(metric.threshold);
  const op = parsed.ok ? parsed.value.op : "within";
  if (op === "<" || op === "<=") return change > far;
  if (op === ">" || op === ">=") return -change > far;
  return Math.abs(change) > far;
}
