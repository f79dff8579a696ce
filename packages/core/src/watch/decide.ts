import { noteExemption, settleCalendar } from "../freeze/decide.ts";
import { heldBack } from "../freeze/hold.ts";
import { gateBlockers } from "../gate/decide.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import { type Judged, worst } from "../metric/judge.ts";
import { findStep } from "../plan/graph.ts";
import { isRehearsal } from "../rehearsal/decide.ts";
import { ask, settle } from "../release/ask.ts";
import type { MachineCommand, Seen } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import { settleTarget } from "../release/drift.ts";
import { spokenStatus } from "../release/spoken.ts";
import { isArmed } from "../release/state.ts";
import { alarmsOf, triggersOf } from "../signal/decide.ts";
import { stepState } from "../step/evolve.ts";
import { notReady } from "../step/ready.ts";
import { isPhase, type PhaseStep } from "../step/schema.ts";
import { hasReached, isPacedByCurve, judgePhase, metricsOf, openWatches, quarantinedFor } from "./judge.ts";

/**
 * The last look before a share is shifted: everything that must hold is asked again here, and the intent is
 * recorded together with what the target said, so that the write can be refused if either has changed.
 */
export function intendShift(draft: Draft, wish: Extract<MachineCommand, { type: "IntendShift" }>): Decision {
  settleCalendar(draft, wish.calendar);
  const decision = intend(draft, wish);
  // What the calendar has told the release stands, whether it may shift or not.
  return decision.ok || draft.events.length === 0 ? decision : draft.decided();
}

function intend(draft: Draft, wish: Extract<MachineCommand, { type: "IntendShift" }>): Decision {
  const { plan, state, now } = draft;
  const step = findStep(plan, wish.step);
  if (step === undefined || !isPhase(step))
    return reject("not-found", "phase.unknown", `"${wish.step}" is no phase`);
  const component = state.components[step.component];
  const mayShift = wish.why === "phase" ? state.status === "running" : isArmed(state.status);
  if (component === undefined || !mayShift) {
    return reject(
      "conflict",
      "phase.fenced",
      `the release is ${spokenStatus(state.status)}: nothing of it may shift`,
    );
  }
  const { status } = stepState(state, step.id);
  if (wish.why === "phase" && status === "shifting") {
    // Begun, and not known to be done: it is not done a second time while everything stands.
    const stands = state.paused === undefined ? heldBack(plan, state, step, now)?.for : "resume";
    if (stands === undefined) return draft.decided();
    return reject("conflict", "phase.not-ready", `phase ${step.phase} waits for ${stands}`);
  }
  if (wish.why === "phase" && status !== "waiting") {
    return reject("conflict", "phase.not-waiting", `phase ${step.phase} is ${status}`);
  }
  const waits = wish.why === "phase" ? notReady(plan, state, step, now) : undefined;
  if (waits !== undefined)
    return reject("conflict", "phase.not-ready", `phase ${step.phase} waits for ${waits.for}`);
  if (component.intended !== undefined) {
    const { step: begun, percent, why } = component.intended;
    if (why === "reduce" && wish.why === why && begun === step.id && percent === wish.percent) {
      return draft.decided();
    }
    return reject("conflict", "phase.in-flight", `a shift of ${step.component} is under way`);
  }
  const blockers = component.touched ? [] : gateBlockers(plan, state, now);
  if (blockers.length > 0) {
    hold(draft, step, [], `the gates no longer hold: ${blockers.join("; ")}`);
    return draft.decided();
  }
  if (wish.why === "reduce" && wish.percent >= component.observed.share) return draft.decided();
  const unread = wish.why === "phase" ? unreadAlarms(draft, step, wish.alarms) : [];
  if (unread.length > 0) {
    hold(draft, step, [], `${oneOf(unread, "and")} could not be read`);
    return draft.decided();
  }
  const red = wish.why === "phase" ? redAlarms(draft, step, wish.alarms) : [];
  if (red.length > 0) {
    hold(draft, step, [], `${oneOf(red, "and")} ${red.length === 1 ? "is" : "are"} red`);
    return draft.decided();
  }
  const restless = wish.why === "phase" ? quarantinedFor(plan, state, step).map(({ name }) => name) : [];
  if (restless.length > 0) {
    hold(draft, step, [], `${oneOf(restless, "and")} ${restless.length === 1 ? "is" : "are"} in quarantine`);
    return draft.decided();
  }
  if (!settleTarget(draft, step.component, wish.observed)) return draft.decided();
  if (wish.why === "phase") noteExemption(draft, step);
  draft.emit({
    type: "ShiftIntended",
    step: step.id,
    component: step.component,
    percent: wish.percent,
    expected: wish.observed,
    why: wish.why,
  });
  return draft.decided();
}

/** Alarms bound to this phase that are red or cannot be found, and that nobody accepted. */
function redAlarms(draft: Draft, phase: PhaseStep, alarms: MachineAlarms): string[] {
  const { plan, state } = draft;
  return alarms
    .filter((alarm) => alarm.state === "alarm" || alarm.state === "missing")
    .filter(({ name }) => !(state.red.includes(name) && plan.onRed.choice !== "block"))
    .filter(({ name }) => isBoundTo(draft, phase, name))
    .map(({ name }) => name);
}

/** Alarms bound to this phase whose level nobody knows: that is no reason to go on (S14). */
function unreadAlarms(draft: Draft, phase: PhaseStep, alarms: MachineAlarms): string[] {
  return alarmsOf(draft.plan, draft.state)
    .filter((name) => isBoundTo(draft, phase, name))
    .filter((name) => !alarms.some((alarm) => alarm.name === name));
}

function isBoundTo({ plan, state }: Draft, phase: PhaseStep, name: string): boolean {
  return triggersOf(plan, state, { source: "cloudwatch", name }).some(
    (trigger) => trigger.component === undefined || trigger.component === phase.component,
  );
}

type MachineAlarms = Extract<MachineCommand, { type: "IntendShift" }>["alarms"];

/** What came of the shift. */
export function recordShift(
  draft: Draft,
  record: Extract<MachineCommand, { type: "RecordShift" }>,
): Decision {
  const { plan, state } = draft;
  const step = findStep(plan, record.step);
  if (step === undefined || !isPhase(step))
    return reject("not-found", "phase.unknown", `"${record.step}" is no phase`);
  const { component } = step;
  const { outcome, percent, why } = record;
  const intended = state.components[component]?.intended;
  // What an earlier try of an earlier shift says now is about what was settled long ago.
  if (intended?.step !== step.id || intended.why !== why || intended.percent !== percent) {
    return draft.decided();
  }
  switch (outcome.kind) {
    case "shifted":
      draft.emit({ type: "ShiftDone", step: step.id, component, percent, observed: outcome.observed, why });
      return draft.decided();
    case "fenced": {
      const detail = "somebody else changed it in the same moment; nothing was shifted";
      draft.emit({ type: "ShiftFailed", step: step.id, component, detail });
      settleTarget(draft, component, outcome.observed);
      if (why === "phase" && isArmed(draft.state.status)) {
        ask(
          draft,
          { kind: "step", step: step.id },
          `Phase ${step.phase}: ${detail}. Retry or roll back?`,
          "rollback",
        );
      }
      return draft.decided();
    }
    case "refused": {
      draft.emit({ type: "ShiftFailed", step: step.id, component, detail: outcome.detail });
      if (isArmed(draft.state.status)) {
        const question = `Phase ${step.phase} could not be shifted: ${outcome.detail}. Retry or roll back?`;
        ask(draft, { kind: "step", step: step.id }, question, "rollback");
        tell(draft, `shift-${step.id}-${stepState(state, step.id).attempts}`, "page", question);
      }
      return draft.decided();
    }
  }
}

/** Judges every open watch, and looks again at what is held. */
export function settleWatches(draft: Draft, seen: Seen): void {
  if (!isArmed(draft.state.status)) return;
  noteVerdicts(draft, seen);
  for (const phase of openWatches(draft.plan, draft.state)) {
    if (draft.state.paused !== undefined || draft.state.status !== "running") break;
    settleWatch(draft, phase, seen);
  }
  for (const phase of draft.plan.steps.filter(isPhase)) {
    const { status, heldFrom } = stepState(draft.state, phase.id);
    if (status !== "held" || heldFrom !== "waiting") continue;
    const still =
      unreadAlarms(draft, phase, seen.alarms).length > 0 ||
      redAlarms(draft, phase, seen.alarms).length > 0 ||
      quarantinedFor(draft.plan, draft.state, phase).length > 0 ||
      gateBlockers(draft.plan, draft.state, draft.now).length > 0;
    if (still) continue;
    draft.emit({ type: "PhaseReleased", step: phase.id });
    settle(draft, { kind: "phase", step: phase.id }, "what held it is over");
  }
}

function settleWatch(draft: Draft, phase: PhaseStep, seen: Seen): void {
  const state = stepState(draft.state, phase.id);
  if (state.watchUntil === undefined || draft.now < state.watchUntil) return;
  const judged = judgePhase(draft.plan, draft.state, phase, seen, draft.now);
  const verdict = worst(judged.map((one) => one.verdict));
  const bad = judged.filter((one) => one.verdict !== "pass");
  if (!hasReached(draft.plan, draft.state, phase)) {
    if (!isPacedByCurve(draft.plan, phase)) {
      const share = draft.state.components[phase.component]?.observed.share ?? 0;
      hold(draft, phase, judged, `${phase.component} has ${share} %, not ${phase.percent} %`);
      return;
    }
    // Apple goes on by itself: a value that is out of bounds stops it; too few sessions only wait for more.
    const outOfBounds = bad.filter((one) => one.grounds === "value");
    if (outOfBounds.length > 0 && state.status === "watching")
      hold(draft, phase, judged, reasons(outOfBounds));
    return;
  }
  // In a rehearsal the version is not on trial; where nothing measures it, its window is all there is.
  const isUnmeasured = isRehearsal(draft.plan) && judged.length === 0;
  if (verdict === "pass" || isUnmeasured) {
    draft.emit({ type: "PhasePassed", step: phase.id, judged });
    settle(draft, { kind: "phase", step: phase.id }, "it passes now");
  } else if (state.status === "watching") {
    hold(draft, phase, judged, judged.length === 0 ? "nothing measures it" : reasons(bad));
  }
}

function reasons(judged: readonly Judged[]): string {
  return judged.map((one) => one.why).join("; ");
}

function hold(draft: Draft, phase: PhaseStep, judged: readonly Judged[], why: string): void {
  const before = stepState(draft.state, phase.id);
  if (before.status === "held") return;
  draft.emit({ type: "PhaseHeld", step: phase.id, judged, why });
  const question = `Phase ${phase.phase} (${phase.component} at ${phase.percent} %) is held: ${why}. Promote or roll back?`;
  ask(draft, { kind: "phase", step: phase.id }, question, "rollback");
  tell(draft, `held-${phase.id}-${draft.now}`, "page", question);
}

/** Writes a metric's verdict down when it is another than before. */
function noteVerdicts(draft: Draft, seen: Seen): void {
  const watched = new Set(
    openWatches(draft.plan, draft.state).flatMap((phase) => metricsOf(draft.plan, phase).map(({ id }) => id)),
  );
  for (const phase of openWatches(draft.plan, draft.state)) {
    for (const judged of judgePhase(draft.plan, draft.state, phase, seen, draft.now)) {
      if (judged.reading === undefined || !watched.delete(judged.metric)) continue;
      if (draft.state.metrics[judged.metric]?.verdict === judged.verdict) continue;
      draft.emit({
        type: "VerdictChanged",
        metric: judged.metric,
        verdict: judged.verdict,
        reading: judged.reading,
      });
    }
  }
}

/** A person lets a phase pass: what is held, or a watch cut short. */
export function promote(draft: Draft, id: string | undefined): Decision {
  const { plan, state } = draft;
  if (!isArmed(state.status)) {
    return reject("conflict", "promote.not-running", `the release is ${spokenStatus(state.status)}`);
  }
  const open = plan.steps.filter(isPhase).filter((phase) => {
    const { status } = stepState(state, phase.id);
    return status === "watching" || status === "held";
  });
  const phase =
    id === undefined ? (open.length === 1 ? open[0] : undefined) : open.find((one) => one.id === id);
  if (phase === undefined) {
    const which = oneOf(open.map((one) => one.id));
    return reject(
      "conflict",
      "promote.nothing",
      which === "" ? "no phase is watched or held" : `name the phase: ${which}`,
    );
  }
  const step = stepState(state, phase.id);
  if (state.paused !== undefined)
    return reject("conflict", "promote.paused", "the release is paused; resume it first");
  if (step.status === "held" && step.heldFrom === "waiting") {
    return reject(
      "conflict",
      "promote.not-shifted",
      `phase ${phase.phase} has not been shifted: ${step.heldWhy}; skip it or roll back`,
    );
  }
  if (!hasReached(plan, state, phase)) {
    const why = isPacedByCurve(plan, phase)
      ? `the store has not reached ${phase.percent} % yet, and cannot be made to`
      : `${phase.component} does not have its ${phase.percent} %: pause and resume to shift it again, or roll back`;
    return reject("conflict", "promote.share", why);
  }
  draft.emit({ type: "PhasePassed", step: phase.id, judged: step.judged ?? [], promoted: true });
  settle(draft, { kind: "phase", step: phase.id }, "promote");
  return draft.decided();
}
