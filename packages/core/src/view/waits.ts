import { standingOf } from "../check/standing.ts";
import { authorityOf } from "../decision/matrix.ts";
import { type HeldBack, heldBack } from "../freeze/hold.ts";
import { readinessBlockers } from "../gate/readiness.ts";
import { openChecks } from "../hypercare/decide.ts";
import { hypercareMoments } from "../hypercare/rounds.ts";
import { roundedUp, spoken } from "../kit/duration.ts";
import { type Instant, since } from "../kit/instant.ts";
import { at } from "../kit/offset.ts";
import { REVIEW } from "../obligation/owe.ts";
import { openIn } from "../obligation/state.ts";
import { findStep, lanes, parseNeed } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { type Asker, next } from "../release/next.ts";
import { startsAt } from "../release/start-time.ts";
import { type DecisionState, hasEnded, isArmed, type ReleaseState } from "../release/state.ts";
import { openValidations } from "../review/decide.ts";
import { taggedBlockers } from "../signal/tagged.ts";
import { openReadings } from "../step/by-hand.ts";
import { hasBegun } from "../step/one-way.ts";
import { isMet, notReady } from "../step/ready.ts";
import { isPacedByCurve } from "../watch/judge.ts";
import { approvalWaits } from "./approvals.ts";
import type { ReleaseView, WaitView } from "./schema.ts";

/** Who or what the release waits for, open questions first. */
export function waitsOf(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  if (hasEnded(state.status)) return [...cared(plan, state), ...owed(state)];
  return [
    ...questions(plan, state),
    ...gates(plan, state, now),
    ...steps(plan, state, now),
    ...tail(plan, state),
    ...cared(plan, state),
    ...owed(state),
  ];
}

function questions(plan: Plan, state: ReleaseState): WaitView[] {
  const waits = Object.values(state.decisions).map(
    (asked): WaitView => ({
      what: questionOf(asked),
      who: asked.about.kind === "trigger" ? stillAsked(plan, asked) : deciders(plan, stepOf(asked)),
      ...(asked.by === undefined ? {} : { by: asked.by }),
      onSilence: asked.onSilence,
      urgent: true,
    }),
  );
  const paused = state.paused;
  if (paused !== undefined && waits.length === 0) {
    waits.push({ what: `Paused: ${paused.cause}`, who: deciders(plan, undefined), urgent: true });
  }
  return waits;
}

/** The question, with how much speaks for it where that is more than one thing. */
function questionOf({ question, causes = [] }: DecisionState): string {
  return causes.length < 2 ? question : `${question} (${causes.length} alarms)`;
}

function stepOf({ about }: DecisionState): string | undefined {
  return about.kind === "step" || about.kind === "phase" ? about.step : undefined;
}

/** Those who may decide about a trigger, and have not yet. */
function stillAsked(plan: Plan, { votes = {} }: DecisionState): string[] {
  if (plan.decisions === undefined) return deciders(plan, undefined);
  const { roles, votes: how } = authorityOf(plan);
  return how === "any" ? [...roles] : roles.filter((role) => votes[role] === undefined);
}

export function deciders(plan: Plan, step: string | undefined): string[] {
  const owner = step === undefined ? undefined : findStep(plan, step)?.owner;
  return [...new Set(["Release Manager", ...(owner === undefined ? [] : [owner])])];
}

function gates(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  if (state.status !== "gates" && state.status !== "ready") return [];
  const checks = plan.checklist.flatMap((check) => {
    const standing = standingOf(check, state, now);
    if (standing.holds) return [];
    if (check.probe !== undefined && state.checks[check.id]?.answer !== "no") {
      const isUnanswered = state.probes?.[check.id] === undefined;
      return [plain(standing.why, isUnanswered ? undefined : check.role)];
    }
    const given = state.checks[check.id]?.answer;
    if (given === "yes") return [plain(standing.why, check.role)];
    return [plain(`${given === "no" ? "Answered No: " : ""}${check.check}`, check.role)];
  });
  const approvals = approvalWaits(plan, state, now);
  const held = state.startHeld.map((reason) => ({ what: `Cannot start: ${reason}`, who: [], urgent: true }));
  const frozen = state.status === "ready" ? standing(plan, state, now) : [];
  const lost = [...taggedBlockers(plan, state), ...readinessBlockers(state)].map((what) => ({
    what: `Not ready: ${what}`,
    who: [],
    urgent: true,
  }));
  return [...held, ...lost, ...checks, ...approvals, ...frozen];
}

function steps(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  const votes = state.poll?.result === undefined ? (state.poll?.roles ?? []) : [];
  const polled = votes
    .filter((role) => state.poll?.votes[role] === undefined)
    .map(
      (role): WaitView => ({
        ...plain("GO or NO-GO", role),
        ...(state.poll === undefined ? {} : { by: state.poll.closes }),
      }),
    );
  const manual = Object.entries(state.steps)
    .filter(([, { status }]) => status === "running" && isArmed(state.status))
    .flatMap(([id]): WaitView[] => {
      const step = findStep(plan, id);
      return step?.kind === "manual" || step?.kind === "phase" ? [plain(step.do, step.owner)] : [];
    });
  const readings = openReadings(plan, state).map(({ step, metric }): WaitView => {
    const who = [...new Set([step.owner, metric.owner])];
    return { what: `${step.do}: the value of ${metric.name} (${metric.threshold})`, who, urgent: false };
  });
  const byHand = (state.rollback?.items ?? []).flatMap((item): WaitView[] =>
    item.kind === "manual" && item.status === "waiting" && state.status === "rolling-back"
      ? [{ ...plain(`Put back by hand: ${item.what}`, item.owner), urgent: true }]
      : [],
  );
  const oneWay = plan.steps.flatMap((step): WaitView[] => {
    const isRunning = isArmed(state.status) && state.paused === undefined;
    const waits = isRunning && !hasBegun(state, step) ? notReady(plan, state, step, now) : undefined;
    if (waits?.for !== "approval") return [];
    const what = `Approval of a step from which there is no way back: ${step.do}`;
    return [{ what, who: [...waits.roles], urgent: false }];
  });
  return [...byHand, ...oneWay, ...polled, ...manual, ...readings, ...windows(plan, state, now)];
}

function windows(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  if (!isArmed(state.status)) return [];
  return [...standing(plan, state, now), ...watches(plan, state, now)];
}

/** What of the calendar holds it now: the whole release, or else components by themselves. */
function standing(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  const all = heldBack(plan, state, "start", now);
  if (all !== undefined) return [heldView(all, "")];
  return plan.components.flatMap(({ id, name }) => {
    const held = heldBack(plan, state, { component: id }, now);
    return held === undefined ? [] : [heldView(held, ` (${name})`)];
  });
}

function heldView(held: HeldBack, of: string): WaitView {
  const what =
    held.for === "freeze"
      ? `Freeze, nothing shifts: ${held.name}${of}`
      : `No maintenance window is open${held.until === undefined ? ", and none is known" : ""}${of}`;
  return { what, who: [], ...(held.until === undefined ? {} : { by: held.until }), urgent: false };
}

function watches(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  return Object.entries(state.steps).flatMap(([id, step]): WaitView[] => {
    const found = findStep(plan, id);
    if (step.status !== "watching" || step.watchUntil === undefined || found?.kind !== "phase") return [];
    if (state.paused !== undefined) return [];
    const left = `Watching phase ${found.phase} for another ${spoken(roundedUp(since(now, step.watchUntil)))}`;
    const over = isPacedByCurve(plan, found)
      ? `Waiting for the store to reach ${found.percent} %`
      : `The window of phase ${found.phase} is over; it is judged`;
    const what = now < step.watchUntil ? left : over;
    return [{ what, who: [], by: step.watchUntil, urgent: false }];
  });
}

function tail(plan: Plan, state: ReleaseState): WaitView[] {
  switch (state.status) {
    case "validating":
      return openValidations(plan, state).map(({ check, owner, person }) =>
        plain(`Validation: ${check}`, person ? (owner ?? "Release Manager") : undefined),
      );
    case "baking":
      return [
        {
          what: "Bake: every alarm stays armed",
          who: [],
          urgent: false,
          ...(state.bakeUntil === undefined ? {} : { by: state.bakeUntil }),
        },
      ];
    case "reviewing":
      return state.review.signedAt === undefined
        ? [{ ...plain("The review", plan.review.role), ...reviewDue(state) }]
        : [];
    default:
      return [];
  }
}

function reviewDue(state: ReleaseState): Pick<WaitView, "by"> {
  const due = state.obligations?.[REVIEW]?.due;
  return due === undefined ? {} : { by: due };
}

/** What hypercare asks of people in the round that is open. */
function cared(plan: Plan, state: ReleaseState): WaitView[] {
  const [by] = hypercareMoments(state);
  return openChecks(plan, state).map(({ check, owner }) => ({
    ...plain(`Hypercare: ${check}`, owner),
    ...(by === undefined ? {} : { by }),
  }));
}

/** What people owe. The review of a release that was rolled out is waited for by its own name. */
function owed(state: ReleaseState): WaitView[] {
  return openIn(state)
    .filter(({ id }) => !(id === REVIEW && state.status === "reviewing"))
    .map(({ what, role, due, closes }) => {
      const closing = closes === true ? `${what} (the release is closed with it)` : what;
      return { ...plain(closing, role), by: due };
    });
}

function plain(what: string, who: string | undefined): WaitView {
  return { what, who: who === undefined ? [] : [who], urgent: false };
}

/** The next thing that happens by itself. */
export function upNext(plan: Plan, state: ReleaseState, now: Instant): ReleaseView["upNext"] {
  if (hasEnded(state.status) || state.status === "rolling-back" || state.paused !== undefined)
    return undefined;
  const found: { what: string; at: Instant }[] = [];
  const due = startsAt({ plan, state });
  if (state.status === "ready" && due !== undefined && due > now)
    found.push({ what: "The release starts", at: due });
  const askers: Asker[] = state.startedAt === undefined ? [] : lanes(plan).map(({ id }) => ({ lane: id }));
  for (const asker of askers) {
    const answer = next(plan, state, asker, now);
    if (answer.do !== "wait" || answer.until === undefined || answer.until <= now) continue;
    const step = answer.step === undefined ? undefined : findStep(plan, answer.step);
    const what = answer.for === "watch" ? `${step?.do}: the window ends` : (step?.do ?? "The next step");
    if (answer.for === "watch" || answer.for === "time") found.push({ what, at: answer.until });
  }
  for (const message of plan.messages) {
    if (state.t === undefined || state.messages[message.id] !== undefined) continue;
    const when = at(state.t, message.at);
    const isTrue = message.needs.every((need) => isMet(state, parseNeed(need)));
    if (when > now && isTrue) found.push({ what: `Message to ${message.audience}`, at: when });
  }
  for (const { by, onSilence } of Object.values(state.decisions)) {
    if (by !== undefined && onSilence === "rollback") found.push({ what: "Silence rolls it back", at: by });
  }
  if (state.status === "baking" && state.bakeUntil !== undefined)
    found.push({ what: "The bake ends", at: state.bakeUntil });
  return found.toSorted((a, b) => a.at.localeCompare(b.at))[0];
}
