import { inForce, isUsed } from "../approval/standing.ts";
import { archiveDue, copiesDue } from "../archive/state.ts";
import { isVerifying } from "../baseline/wanted.ts";
import { checkVisits } from "../check/due.ts";
import { stormsToTell } from "../decision/causes.ts";
import { isErasing } from "../erasure/state.ts";
import { freezesOf } from "../freeze/hold.ts";
import { isLookedAt, LOOKED_AT } from "../gate/readiness.ts";
import { hypercareMoments } from "../hypercare/rounds.ts";
import { days, hours, minutes, ms, toMs } from "../kit/duration.ts";
import { earliest, fromMillis, type Instant, latest, minus, plus, toMillis } from "../kit/instant.ts";
import { at } from "../kit/offset.ts";
import { obligationMoments } from "../obligation/decide.ts";
import { parseNeed } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { approvedAt, wantsQuotas } from "../quota/decide.ts";
import { calmAt } from "../signal/flap.ts";
import { isUnknown } from "../signal/tagged.ts";
import { overdueAt } from "../step/decide.ts";
import { stepState } from "../step/evolve.ts";
import { isMet } from "../step/ready.ts";
import { paceOf } from "../target/pace.ts";
import { openWatches } from "../watch/judge.ts";
import { startsAt } from "./start-time.ts";
import { countedFrom, hasEnded, isArmed, type ReleaseState } from "./state.ts";

/** Between two visits of the clock at the most, while triggers are armed and nothing is watched. */
const ARMED_EVERY = hours(1);
/** Between two visits at the least. */
const SOONEST = ms(1_000);
/** In the last hours before its start, and while what it rests on is not well. */
const READY_EVERY = minutes(15);
/** What a visit that finds nothing to do waits for. */
const IDLE_EVERY = hours(6);
/** While texts wait to be erased, until the record that says so is signed. */
const ERASING_EVERY = minutes(5);
/** A message that is not on record as sent after this long is looked after. */
const LOST_AFTER = minutes(3);

/**
 * When the clock has to visit next: at the earliest of all deadlines, and often enough to see the level of
 * what is watched. Undefined when nothing can come due any more.
 */
export function nextVisit(plan: Plan, state: ReleaseState, now: Instant): Instant | undefined {
  if (hasEnded(state.status)) return visitAfterwards(plan, state, now);
  const due = [
    ...deadlines(plan, state, now),
    ...checkVisits(plan, state, now),
    ...curveDays(plan, state, now),
    plus(now, interval(plan, state, now)),
  ];
  const coming = due.filter((time) => time > now);
  if (isErasing(state)) coming.push(plus(now, ERASING_EVERY));
  if (hasUnsent(plan, state, now) || isPollDue(plan, state, now)) return plus(now, SOONEST);
  return latest(plus(now, SOONEST), earliest(plus(now, days(1)), ...coming));
}

/**
 * An ended release is visited for what is still to come of it, and no more once that has come: the last
 * obligation has been announced as overdue, the last message has been sent. All of it has its time.
 */
function visitAfterwards(plan: Plan, state: ReleaseState, now: Instant): Instant | undefined {
  const inHand = Object.values(state.messages).filter(({ status }) => status === "due");
  const verification = isVerifying(state) ? state.rollback?.verification?.until : undefined;
  const due = [
    ...(isErasing(state) ? [plus(now, ERASING_EVERY)] : []),
    ...(verification === undefined ? [] : [earliest(verification, plus(now, minutes(1)))]),
    ...obligationMoments(state),
    ...[archiveDue(state) ?? []].flat(),
    ...copiesDue(state).map((copy) => copy.at),
    ...hypercareMoments(state),
    ...inHand.map(({ dueAt }) => plus(dueAt, LOST_AFTER)),
    ...(state.status === "completed" ? messagesToCome(plan, state) : []),
  ].sort()[0];
  if (due === undefined) return undefined;
  return latest(plus(now, inHand.length > 0 ? LOST_AFTER : SOONEST), due);
}

/** Planned messages of a completed release that are true, and have their time. */
function messagesToCome(plan: Plan, state: ReleaseState): Instant[] {
  const t = state.t ?? state.plannedT;
  return plan.messages
    .filter(({ id, needs }) => {
      return state.messages[id] === undefined && needs.every((need) => isMet(state, parseNeed(need)));
    })
    .map((message) => at(t, message.at));
}

/** How often levels are read: fifteen looks a window, at least once a minute-long step, at most once an hour. */
function interval(plan: Plan, state: ReleaseState, now: Instant) {
  if (state.status === "rolling-back") return minutes(1);
  if (state.status === "ready" && state.startHeld.length > 0) return minutes(1);
  if (isLookedAt(plan, state, now)) return READY_EVERY;
  if (!isArmed(state.status)) return IDLE_EVERY;
  if (Object.values(state.steps).some((step) => step.status === "held") || state.status === "validating")
    return minutes(1);
  const windows = openWatches(plan, state)
    .filter(({ id }) => now < (stepState(state, id).watchUntil ?? now))
    .map((phase) => toMs(phase.watch));
  if (windows.length === 0) return ARMED_EVERY;
  return ms(Math.min(Math.max(Math.round(Math.min(...windows) / 15), 60_000), 3_600_000));
}

/** Everything that falls due at a moment known in advance. */
function deadlines(plan: Plan, state: ReleaseState, now: Instant): Instant[] {
  const t = state.t ?? state.plannedT;
  const found: Instant[] = [];
  if (state.status === "gates" || state.status === "ready") {
    found.push(plus(latest(state.plannedT, state.submittedAt), plan.limits.gatesWithin));
  }
  if (!isUsed(state)) found.push(...inForce(state, now).flatMap(({ expires }) => expires ?? []));
  for (const message of plan.messages) {
    if (state.messages[message.id] === undefined) found.push(at(t, message.at));
  }
  for (const decision of Object.values(state.decisions))
    if (decision.by !== undefined) found.push(decision.by);
  found.push(...stormsToTell(plan, state).map((storm) => storm.at));
  for (const flap of Object.values(state.flaps ?? {})) {
    const calm = calmAt(plan, flap);
    if (calm !== undefined) found.push(calm);
  }
  if (plan.poll !== undefined && state.poll === undefined) found.push(at(t, plan.poll.at));
  if (state.poll !== undefined && state.poll.result === undefined) found.push(state.poll.closes);
  found.push(plus(countedFrom(state) ?? t, plan.limits.maxDuration));
  if (state.bakeUntil !== undefined) found.push(state.bakeUntil);
  // What a plan's tags stand for is looked up as soon as it is submitted, or revised.
  if (isUnknown(plan, state)) {
    found.push(plus(state.revisions?.at(-1)?.at ?? state.submittedAt, SOONEST));
  }
  // What there is when it is approved is read at once: later answers are held against it.
  const approved = wantsQuotas(plan, state, now) ? approvedAt(plan, state, now) : undefined;
  if (approved !== undefined) found.push(plus(approved, SOONEST));
  const starts = startsAt({ plan, state });
  if (state.status === "ready" && starts !== undefined) found.push(minus(starts, LOOKED_AT));
  found.push(...obligationMoments(state), ...hypercareMoments(state));
  for (const { from, to } of [...freezesOf(plan, state), ...(state.windows ?? [])]) found.push(from, to);
  for (const step of plan.steps) {
    const { status, startedAt, watchUntil, overdue } = stepState(state, step.id);
    // What stands by to put things back is put up anew without what can go back no more.
    if (step.oneWay !== undefined && startedAt !== undefined) found.push(plus(startedAt, SOONEST));
    if (status === "running" && startedAt !== undefined && overdue !== true)
      found.push(overdueAt(step, startedAt));
    if (status === "watching" && watchUntil !== undefined) found.push(watchUntil);
  }
  return found;
}

/** A store's curve moves on once a day, counted from its start: the next such moment of each. */
function curveDays(plan: Plan, state: ReleaseState, now: Instant): Instant[] {
  if (!isArmed(state.status)) return [];
  return plan.components.flatMap(({ id, target }) => {
    const component = state.components[id];
    if (paceOf(target.kind) !== "curve" || component?.firstTouchedAt === undefined) return [];
    if (component.observed.share >= 100) return [];
    const started = toMillis(component.firstTouchedAt);
    const passed = Math.floor((toMillis(now) - started) / toMs(days(1)));
    return [fromMillis(started + (passed + 1) * toMs(days(1)))];
  });
}

/** The vote is due, and nobody has opened it: its time was at the start of the release, or before it. */
function isPollDue(plan: Plan, state: ReleaseState, now: Instant): boolean {
  if (plan.poll === undefined || state.poll !== undefined || state.t === undefined) return false;
  return state.status === "running" && at(state.t, plan.poll.at) <= now;
}

/** Messages that are due and true, and wait for nothing but a visit. */
function hasUnsent(plan: Plan, state: ReleaseState, now: Instant): boolean {
  if (state.status === "gates") return false;
  const t = state.t ?? state.plannedT;
  return plan.messages.some(
    (message) =>
      state.messages[message.id] === undefined &&
      at(t, message.at) <= now &&
      message.needs.every((need) => isMet(state, parseNeed(need))),
  );
}
