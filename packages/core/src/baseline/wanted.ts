import { earliest, type Instant, minus } from "../kit/instant.ts";
import type { ReadingRequest } from "../metric/port.ts";
import { isReadByPerson, type Metric } from "../metric/schema.ts";
import type { Plan } from "../plan/schema.ts";
import { hasEnded, type ReleaseState } from "../release/state.ts";

/** The metrics that a baseline is taken of. */
export function baselineMetrics(plan: Plan): Metric[] {
  const { baseline } = plan;
  if (baseline === undefined) return [];
  return plan.metrics.filter(
    (metric) =>
      !isReadByPerson(metric) && (baseline.metrics === undefined || baseline.metrics.includes(metric.id)),
  );
}

/** What is read before the start. Of all versions together: the new one has no traffic yet. */
export function baselineRequests(plan: Plan, now: Instant): ReadingRequest[] {
  const { baseline } = plan;
  if (baseline === undefined) return [];
  const from = minus(now, baseline.over);
  return baselineMetrics(plan).map((metric) => ({ plan, metric, from, to: now }));
}

/** Whether a release that was put back is still compared with what it was before. */
export function isVerifying(state: ReleaseState): boolean {
  const verification = state.rollback?.verification;
  return hasEnded(state.status) && verification !== undefined && verification.endedAt === undefined;
}

/** What is read after a rollback: what has come since the traffic is back. */
export function verificationRequests(plan: Plan, state: ReleaseState, now: Instant): ReadingRequest[] {
  if (!isVerifying(state)) return [];
  const from = earliest(state.rollback?.endedAt ?? now, now);
  return baselineMetrics(plan)
    .filter(({ id }) => state.baseline?.readings[id] !== undefined)
    .map((metric) => ({ plan, metric, from, to: now }));
}
