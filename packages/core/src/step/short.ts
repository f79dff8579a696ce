import { phasesOf } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { isAutomatic, paceOf } from "../target/pace.ts";
import { stepState } from "./evolve.ts";
import { isFinished } from "./ready.ts";
import type { PhaseStep } from "./schema.ts";

/** Two shares that are closer than this are the same. */
const EPSILON = 1e-6;

/**
 * Phases that were shifted and whose component has less than their share by now: traffic was taken off it,
 * by a trigger or by another hand. What happens on the old version says nothing of the new one (S14).
 */
export function shortOf(plan: Plan, state: ReleaseState): PhaseStep[] {
  return plan.components.flatMap(({ id, target }) => {
    const component = state.components[id];
    if (component === undefined || !isAutomatic(target.kind) || paceOf(target.kind) === "curve") return [];
    const { share } = component.drift ?? component.observed;
    return phasesOf(plan, id).filter(
      (phase) => stepState(state, phase.id).shiftedAt !== undefined && share < phase.percent - EPSILON,
    );
  });
}

/** Of these, what nobody shifts again: the rollout is over, or every phase of the component is. */
export function lostFor(plan: Plan, state: ReleaseState): PhaseStep | undefined {
  return shortOf(plan, state).find(
    ({ component }) =>
      state.status !== "running" || phasesOf(plan, component).every(({ id }) => isFinished(state, id)),
  );
}
