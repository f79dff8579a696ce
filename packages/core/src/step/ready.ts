import { type HeldBack, heldBack } from "../freeze/hold.ts";
import { fromMillis, type Instant, latest, toMillis } from "../kit/instant.ts";
import { at, offsetMs } from "../kit/offset.ts";
import { findComponent, findStep, type Prerequisite, prerequisites } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { isGo } from "../poll/standing.ts";
import type { ReleaseState } from "../release/state.ts";
import { stepState } from "./evolve.ts";
import { oneWayWaits } from "./one-way.ts";
import { isPhase, type Step } from "./schema.ts";

/** Whether a prerequisite has come about. A step that was skipped stands in nobody's way. */
export function isMet(state: ReleaseState, prerequisite: Prerequisite): boolean {
  const step = stepState(state, prerequisite.step);
  if (step.status === "done" || step.status === "skipped") return true;
  return prerequisite.until === "shifted" && step.shiftedAt !== undefined;
}

export function isFinished(state: ReleaseState, step: string): boolean {
  const { status } = stepState(state, step);
  return status === "done" || status === "skipped";
}

/** What keeps a step from starting now. */
export type NotReady =
  | { readonly for: "resume" }
  | { readonly for: "others"; readonly steps: readonly string[] }
  | { readonly for: "time"; readonly until: Instant }
  | HeldBack
  | { readonly for: "poll" }
  /** There is no way back from it, and not everybody has approved it who has to. */
  | { readonly for: "approval"; readonly roles: readonly string[] }
  /** Something is held, and nothing else goes on until somebody has decided. */
  | { readonly for: "decision" };

/** Undefined when the step may start. Asked again at the moment of the write, never trusted from before. */
export function notReady(plan: Plan, state: ReleaseState, step: Step, now: Instant): NotReady | undefined {
  if (state.paused !== undefined) return { for: "resume" };
  const missing = prerequisites(plan, step).filter((prerequisite) => !isMet(state, prerequisite));
  if (missing.length > 0) return { for: "others", steps: missing.map((prerequisite) => prerequisite.step) };
  if (state.t === undefined) return { for: "others", steps: [] };
  const due = dueAt(plan, state, step, state.t);
  if (now < due) return { for: "time", until: due };
  const held = heldBack(plan, state, step, now);
  if (held !== undefined) return held;
  if (isPhase(step) && state.components[step.component]?.intended !== undefined) {
    return { for: "others", steps: [] };
  }
  if (isPhase(step) && isAsked(state)) return { for: "decision" };
  const roles = oneWayWaits(state, step);
  if (roles.length > 0) return { for: "approval", roles };
  if (isPhase(step) && plan.poll !== undefined && !isGo(state)) return { for: "poll" };
  return undefined;
}

/**
 * A check of what a phase has shifted comes as long after the shift as the plan says, however late that was:
 * before it there is nothing yet to read.
 */
function dueAt(plan: Plan, state: ReleaseState, step: Step, t: Instant): Instant {
  const due = at(t, step.at);
  if (step.kind !== "check") return due;
  const after = prerequisites(plan, step).flatMap((prerequisite) => {
    const phase = findStep(plan, prerequisite.step);
    const shiftedAt = stepState(state, prerequisite.step).shiftedAt;
    if (phase === undefined || shiftedAt === undefined || prerequisite.until !== "shifted") return [];
    return [fromMillis(toMillis(shiftedAt) + offsetMs(step.at) - offsetMs(phase.at))];
  });
  return latest(due, ...after);
}

/** Whether a question is open about how the release goes on. */
function isAsked(state: ReleaseState): boolean {
  return Object.values(state.decisions).some(({ about }) => about.kind !== "poll");
}

/** The new version's share that a phase of this component asked for last; 0 before the first. */
export function shareAskedFor(plan: Plan, state: ReleaseState, component: string): number {
  const shifted = plan.steps
    .filter(isPhase)
    .filter((phase) => phase.component === component && stepState(state, phase.id).shiftedAt !== undefined)
    .toSorted((a, b) =>
      (stepState(state, a.id).shiftedAt ?? "") < (stepState(state, b.id).shiftedAt ?? "") ? -1 : 1,
    );
  return shifted.at(-1)?.percent ?? 0;
}

export function isManualTarget(plan: Plan, component: string): boolean {
  return findComponent(plan, component)?.target.kind === "manual";
}
