import type { Check } from "../gate/schema.ts";
import { type Duration, hours, minutes, ms, toMs } from "../kit/duration.ts";
import { earliest, fromMillis, type Instant, plus, toMillis } from "../kit/instant.ts";
import { at } from "../kit/offset.ts";
import type { Plan } from "../plan/schema.ts";
import { leadOffset } from "../plan/timeline.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ProbeKind } from "./schema.ts";
import { isUsed } from "./standing.ts";
import type { ProbeState } from "./state.ts";

/** How long an answer counts where the plan does not say, shortly before the start. */
const FRESH: Readonly<Record<ProbeKind, Duration>> = {
  http: minutes(10),
  tls: hours(1),
  age: minutes(30),
  backup: minutes(30),
  ci: minutes(20),
  "change-log": hours(1),
  artifact: hours(1),
  staging: minutes(30),
  rehearsal: minutes(30),
  "on-call": minutes(30),
};
/** Long before it, looking every few minutes would only fill the log. */
const LONGEST = hours(6);
/** Between two looks at the least. */
const SHORTEST_MS = 60_000;
/** What does not hold is looked at this often: near the start, and long before it or long after it failed. */
const AGAIN_SOON = minutes(2);
const AGAIN_LATER = minutes(10);
const NEAR_MS = toMs(hours(2));
/** At the start every answer is younger than this. */
export const AT_START = minutes(5);

export type ProbedCheck = Check & { readonly probe: NonNullable<Check["probe"]> };

export function probedChecks(plan: Plan): ProbedCheck[] {
  return plan.checklist.filter((check): check is ProbedCheck => check.probe !== undefined);
}

/** Whether probes are still asked: the release has not been started, or nothing of it has been shifted yet. */
export function isAsked(state: ReleaseState): boolean {
  return ["gates", "ready", "running"].includes(state.status) && !isUsed(state);
}

/** How long an answer of now counts. A plan's own word is kept to the minute. */
export function freshFor(plan: Plan, state: ReleaseState, check: ProbedCheck, now: Instant): Duration {
  if (check.within !== undefined) return check.within;
  const quarter = untilStart(plan, state, now) / 4;
  const own = toMs(FRESH[check.probe.kind]);
  return ms(Math.round(Math.max(own, Math.min(quarter, toMs(LONGEST)))));
}

function untilStart(plan: Plan, state: ReleaseState, now: Instant): number {
  return toMillis(at(state.t ?? state.plannedT, leadOffset(plan))) - toMillis(now);
}

/** When the next look at a probe is due: half-way to the end of its answer, so that one look may fail. */
export function nextLook({ answer, askedAt, expires }: ProbeState, now: Instant): Instant {
  if (answer !== "yes") return now;
  const half = (toMillis(expires) - toMillis(askedAt)) / 2;
  return fromMillis(toMillis(askedAt) + Math.max(SHORTEST_MS, Math.round(half)));
}

/** The probes to look at now. What does not hold is looked at on every visit. */
export function dueProbes(plan: Plan, state: ReleaseState, now: Instant): ProbedCheck[] {
  if (!isAsked(state)) return [];
  return probedChecks(plan).filter(({ id }) => {
    const known = state.probes?.[id];
    return known === undefined || nextLook(known, now) <= now;
  });
}

/**
 * The probes to look at before the start: all of them. Where something else holds it up and it is tried every
 * minute, those that were looked at just now are left alone.
 */
export function startProbes(plan: Plan, state: ReleaseState, now: Instant): ProbedCheck[] {
  if (!isAsked(state)) return [];
  if (state.startHeld.length === 0) return probedChecks(plan);
  return probedChecks(plan).filter(({ id }) => {
    const known = state.probes?.[id];
    return known === undefined || known.answer !== "yes" || plus(known.askedAt, AGAIN_SOON) <= now;
  });
}

/** When the clock has to visit for the checklist's sake: a look is due, or an answer no longer counts. */
export function checkVisits(plan: Plan, state: ReleaseState, now: Instant): Instant[] {
  if (!isAsked(state)) return [];
  const ofPeople = plan.checklist.flatMap(({ id, within, probe }) => {
    const given = state.checks[id];
    return within === undefined || given === undefined || probe !== undefined ? [] : [plus(given.at, within)];
  });
  const ofProbes = probedChecks(plan).flatMap(({ id }) => {
    const known = state.probes?.[id];
    if (known === undefined) return [plus(now, ms(1_000))];
    if (known.answer !== "yes") return [plus(now, again(plan, state, known, now))];
    return [nextLook(known, now), known.expires];
  });
  return [...ofPeople, ...ofProbes];
}

function again(plan: Plan, state: ReleaseState, { since: from }: ProbeState, now: Instant): Duration {
  const isNear = untilStart(plan, state, now) < NEAR_MS;
  const isNew = toMillis(now) - toMillis(from) < NEAR_MS;
  return isNear && isNew ? AGAIN_SOON : AGAIN_LATER;
}

/** When an answer of now no longer counts: after its time, or when the evidence itself is too old. */
export function expiryOf(
  plan: Plan,
  state: ReleaseState,
  check: ProbedCheck,
  now: Instant,
  until: Instant | undefined,
): Instant {
  const own = plus(now, freshFor(plan, state, check, now));
  return until === undefined ? own : earliest(own, until);
}
