import { type Instant, toMillis } from "../kit/instant.ts";
import type { Measure } from "./measure.ts";
import { type Period, periodsBetween } from "./periods.ts";

/** A rollback is to take no longer. */
export const ROLLBACK_TARGET_MS = 5 * 60_000;
/** A rollout is to take no longer. */
export const DURATION_TARGET_MS = 60 * 60_000;

/** The middle of some lengths, and what nine of ten stay within. Milliseconds. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
}

/** What releases were like in a stretch of time. A ratio is undefined where there is nothing to divide by. */
export interface Measured {
  readonly from: Instant;
  readonly to: Instant;
  readonly deployments: number;
  readonly perDay: number;
  readonly leadTime?: Spread;
  readonly failures: number;
  readonly changeFailureRatio?: number;
  readonly timeToRestore?: Spread;
  readonly rollback?: Spread & { readonly withinTargetRatio: number };
  readonly duration?: Spread & { readonly withinTargetRatio: number };
  readonly smokePassRatio?: number;
  readonly gateWait: Readonly<Record<string, Spread>>;
}

export interface Selection {
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
}

export function selected(measures: readonly Measure[], { component, environment }: Selection): Measure[] {
  return measures.filter(
    (one) =>
      (component === undefined || one.components.includes(component)) &&
      (environment === undefined || one.environment === environment),
  );
}

/** One line a period, those without a release as well: a week in which nothing was deployed is one, too. */
export function measuredBy(
  measures: readonly Measure[],
  range: { readonly from: Instant; readonly to: Instant },
  by: Period,
): Measured[] {
  return periodsBetween(range.from, range.to, by).map((period) =>
    measured(
      measures.filter(({ at }) => at >= range.from && at < range.to),
      period,
    ),
  );
}

/** What was deployed from a moment on, and before another. */
export function measured(
  measures: readonly Measure[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Measured {
  const all = measures.filter(({ at }) => at >= from && at < to);
  const deployed = all.filter((one) => one.deployed);
  const failures = deployed.filter(({ failed }) => failed).length;
  const smoke = deployed.reduce(
    (sum, one) => ({ passed: sum.passed + one.smoke.passed, total: sum.total + one.smoke.total }),
    { passed: 0, total: 0 },
  );
  const roles = [...new Set(all.flatMap(({ gateMs }) => Object.keys(gateMs)))].toSorted();
  const leadTime = spread(deployed.flatMap(({ leadMs }) => leadMs ?? []));
  const timeToRestore = spread(deployed.flatMap(({ restoreMs }) => restoreMs ?? []));
  const rollback = within(
    deployed.flatMap(({ rollbackMs }) => rollbackMs ?? []),
    ROLLBACK_TARGET_MS,
  );
  const duration = within(
    deployed.flatMap(({ durationMs }) => durationMs ?? []),
    DURATION_TARGET_MS,
  );
  return {
    from,
    to,
    deployments: deployed.length,
    perDay: deployed.length / ((toMillis(to) - toMillis(from)) / 86_400_000),
    failures,
    ...(leadTime === undefined ? {} : { leadTime }),
    ...(deployed.length === 0 ? {} : { changeFailureRatio: failures / deployed.length }),
    ...(timeToRestore === undefined ? {} : { timeToRestore }),
    ...(rollback === undefined ? {} : { rollback }),
    ...(duration === undefined ? {} : { duration }),
    ...(smoke.total === 0 ? {} : { smokePassRatio: smoke.passed / smoke.total }),
    gateWait: Object.fromEntries(
      roles.flatMap((role) => {
        const waits = spread(all.flatMap(({ gateMs }) => gateMs[role] ?? []));
        return waits === undefined ? [] : [[role, waits]];
      }),
    ),
  };
}

function within(
  lengths: readonly number[],
  target: number,
): (Spread & { withinTargetRatio: number }) | undefined {
  const found = spread(lengths);
  if (found === undefined) return undefined;
  return { ...found, withinTargetRatio: lengths.filter((one) => one <= target).length / lengths.length };
}

/** The median of an even number is the mean of the middle two; p90 is the nearest rank. */
export function spread(lengths: readonly number[]): Spread | undefined {
  const sorted = lengths.toSorted((a, b) => a - b);
  const count = sorted.length;
  const at = (index: number) => sorted[Math.min(count - 1, Math.max(0, index))] ?? 0;
  if (count === 0) return undefined;
  const median = (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2;
  return { count, median, p90: at(Math.ceil(count * 0.9) - 1) };
}
