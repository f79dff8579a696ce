import { freezeAt } from "../freeze/schema.ts";
import type { Instant } from "../kit/instant.ts";
import { at } from "../kit/offset.ts";
import { findComponent, type Prerequisite, prerequisites } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { stepState } from "./evolve.ts";
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
  | { readonly for: "freeze"; readonly until: Instant }
  | { readonly for: "poll" };

/** Undefined when the step may start. Asked again at the moment of the write, never trusted from before. */
export function notReady(plan: Plan, state: ReleaseState, step: Step, now: Instant): NotReady | undefined {
  if (state.paused !== undefined) return { for: "resume" };
  const missing = prerequisites(plan, step).filter((prerequisite) => !isMet(state, prerequisite));
  if (missing.length > 0) return { for: "others", steps: missing.map((prerequisite) => prerequisite.step) };
  if (state.t === undefined) return { for: "others", steps: [] };
  const due = at(state.t, step.at);
  if (now < due) return { for: "time", until: due };
  const freeze = isPhase(step) ? freezeAt(plan.freezes, now) : undefined;
  if (freeze !== undefined) return { for: "freeze", until: freeze.to };
  if (isPhase(step) && state.components[step.component]?.intended !== undefined) {
    return { for: "others", steps: [] };
  }
  if (isPhase(step) && plan.poll !== undefined && state.poll?.result !== "go") return { for: "poll" };
  return undefined;
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
