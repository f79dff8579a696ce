import { verificationRequests } from "../baseline/wanted.ts";
import { hypercareRequests } from "../hypercare/wanted.ts";
import { minutes } from "../kit/duration.ts";
import { earliest, type Instant, latest, minus } from "../kit/instant.ts";
import { windowOf } from "../metric/judge.ts";
import type { ReadingRequest } from "../metric/port.ts";
import { isReadByPerson, type Metric } from "../metric/schema.ts";
import type { Plan } from "../plan/schema.ts";
import { isArmed, type ReleaseState } from "../release/state.ts";
import { stepState } from "../step/evolve.ts";
import { isPhase } from "../step/schema.ts";
import { metricsOf, openWatches } from "./judge.ts";

/** How far back a reading goes that a trigger's condition is held against. */
const RECENT = minutes(5);

/** What a visit of the clock has to read: the watch so far, and the last minutes for trigger conditions. */
export function wantedReadings(
  plan: Plan,
  state: ReleaseState,
  now: Instant,
): { readonly readings: ReadingRequest[]; readonly recent: ReadingRequest[] } {
  if (!isArmed(state.status)) {
    const cared = hypercareRequests(plan, state, now);
    return { readings: [...verificationRequests(plan, state, now), ...cared], recent: [] };
  }
  const machineRead = plan.metrics.filter((metric) => !isReadByPerson(metric));
  const touched = machineRead.filter((metric) => isTouched(state, metric));
  return {
    readings: touched.map((metric) => readingOf(plan, state, metric, now)),
    recent: touched
      .filter(({ id }) => plan.triggers.some(({ metric, when }) => metric === id && when !== undefined))
      .map((metric) => {
        const from = latest(minus(now, RECENT), openedAt(plan, state, metric) ?? state.submittedAt);
        return request(plan, state, metric, { from, to: now });
      }),
  };
}

/** One metric since the share it speaks of was shifted. */
export function readingOf(plan: Plan, state: ReleaseState, metric: Metric, now: Instant): ReadingRequest {
  const opened = openedAt(plan, state, metric) ?? state.startedAt ?? state.submittedAt;
  return request(plan, state, metric, windowOf(metric, opened, now));
}

/** Since when the metric's watch runs: the earliest that is open, or else the component's last shift. */
function openedAt(plan: Plan, state: ReleaseState, metric: Metric): Instant | undefined {
  const open = openWatches(plan, state)
    .filter((phase) => metricsOf(plan, phase).some(({ id }) => id === metric.id))
    .flatMap(({ id }) => stepState(state, id).shiftedAt ?? []);
  const [first, ...others] = open;
  if (first !== undefined) return earliest(first, ...others);
  return plan.steps
    .filter(isPhase)
    .filter(({ component }) => metric.component === undefined || component === metric.component)
    .flatMap(({ id }) => stepState(state, id).shiftedAt ?? [])
    .toSorted()
    .at(-1);
}

function isTouched(state: ReleaseState, metric: Metric): boolean {
  return metric.component === undefined || state.components[metric.component]?.touched === true;
}

function request(
  plan: Plan,
  state: ReleaseState,
  metric: Metric,
  window: { from: Instant; to: Instant },
): ReadingRequest {
  const component = metric.component === undefined ? undefined : state.components[metric.component];
  return { plan, metric, ...window, ...(component === undefined ? {} : { component }) };
}
