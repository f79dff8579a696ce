import { days } from "../kit/duration.ts";
import { type Instant, latest, minus } from "../kit/instant.ts";
import type { ReadingRequest } from "../metric/port.ts";
import { isReadByPerson, type Metric } from "../metric/schema.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { hypercareMoments } from "./rounds.ts";
import type { HypercareCheck } from "./schema.ts";

/** The metric that gonogo reads for a check; undefined where its owner answers. */
export function machineMetric(plan: Plan, check: HypercareCheck): Metric | undefined {
  const metric = plan.metrics.find(({ id }) => id === check.metric);
  return metric === undefined || isReadByPerson(metric) ? undefined : metric;
}

/** What a visit has to read that opens a round: the day before it. */
export function hypercareRequests(plan: Plan, state: ReleaseState, now: Instant): ReadingRequest[] {
  const isDue = hypercareMoments(state).some((at) => at <= now);
  if (!isDue) return [];
  const from = latest(minus(now, days(1)), state.rolledOutAt ?? state.submittedAt);
  const metrics = new Set(
    (plan.hypercare?.checks ?? []).flatMap((check) => machineMetric(plan, check) ?? []),
  );
  return [...metrics].map((metric) => {
    const component = metric.component === undefined ? undefined : state.components[metric.component];
    return { plan, metric, from, to: now, ...(component === undefined ? {} : { component }) };
  });
}
