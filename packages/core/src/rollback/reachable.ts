import { spokenOffset } from "../kit/offset.ts";
import { oneOf } from "../kit/text.ts";
import { findComponent, findStep, timelineOrder } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { endangeredBy, hasBegun, whyOneWay } from "../step/one-way.ts";
import { isPhase, type Step } from "../step/schema.ts";
import { paceOf } from "../target/pace.ts";

/** What can still be put back at a moment, and what stays as it is. */
export interface Reachable {
  readonly components: readonly ReachableComponent[];
  /** Steps that a rollback does not undo. */
  readonly steps: readonly Kept[];
}

export interface ReachableComponent {
  readonly component: string;
  /**
   * `untouched`: nothing of it has been shifted. `previous`: it goes back. `stopped`: its rollout can be
   * stopped, and who has it keeps it. `kept`: it stays on the new version.
   */
  readonly to: "untouched" | "previous" | "stopped" | "kept";
  readonly why?: string;
  /** The one-way step that took the way back. */
  readonly since?: string;
}

/** Something that a rollback leaves as it is, and why. */
export interface Kept {
  readonly what: string;
  readonly why: string;
  readonly step: string;
  readonly component?: string;
}

/** The one-way steps that have begun, in the order of the timeline. */
export function takenOneWay(plan: Plan, state: ReleaseState): Step[] {
  return timelineOrder(plan).filter((step) => step.oneWay !== undefined && hasBegun(state, step));
}

/** Where a rollback would get to now. Pure: the same plan and state, the same answer. */
export function reachable(plan: Plan, state: ReleaseState): Reachable {
  return reachableAfter(plan, takenOneWay(plan, state), (id) => state.components[id]?.touched === true);
}

/** The same once these one-way steps are done. */
export function reachableAfter(
  plan: Plan,
  taken: readonly Step[],
  isTouched: (component: string) => boolean,
): Reachable {
  const components = plan.components.map(({ id }): ReachableComponent => {
    const step = taken.find((one) => endangeredBy(one).includes(id));
    if (!isTouched(id)) return { component: id, to: "untouched" };
    if (step !== undefined)
      return { component: id, to: "kept", why: `${step.do}: ${whyOneWay(step)}`, since: step.id };
    const target = findComponent(plan, id)?.target;
    if (target !== undefined && paceOf(target.kind) === "curve") {
      return { component: id, to: "stopped", why: "the store stops the rollout; who has it keeps it" };
    }
    return { component: id, to: "previous" };
  });
  const steps = taken
    .filter((step) => !isPhase(step))
    .map((step): Kept => ({ what: step.do, why: whyOneWay(step), step: step.id }));
  return { components, steps };
}

/** What a rollback of these components leaves as it is. */
export function keptIn(plan: Plan, state: ReleaseState, scope: readonly string[]): Kept[] {
  const { components, steps } = reachable(plan, state);
  const kept = components.flatMap(({ component, to, why, since }): Kept[] => {
    if (to !== "kept" || !scope.includes(component)) return [];
    const version = state.components[component]?.next ?? "the new version";
    return [{ what: `${component} stays on ${version}`, why: why ?? "", step: since ?? "", component }];
  });
  return [...kept, ...steps];
}

/** Where the point of no return lies: the first one-way step of the timeline. */
export interface PointOfNoReturn {
  readonly step: string;
  readonly what: string;
  readonly why: string;
  /** What cannot go back after it. */
  readonly loses: readonly string[];
  /** What can be put back all the same. */
  readonly keepsWayBack: readonly string[];
  readonly approvals: readonly string[];
}

export function pointsOfNoReturn(plan: Plan): PointOfNoReturn[] {
  const steps = timelineOrder(plan).filter((step) => step.oneWay !== undefined);
  return steps.map((step, index): PointOfNoReturn => {
    const { components } = reachableAfter(plan, steps.slice(0, index + 1), () => true);
    return {
      step: step.id,
      what: step.do,
      why: whyOneWay(step),
      loses: endangeredBy(step),
      keepsWayBack: components.filter(({ to }) => to !== "kept").map(({ component }) => component),
      approvals: step.oneWay === true || step.oneWay === undefined ? [] : step.oneWay.approvals,
    };
  });
}

/** In a sentence, for the timeline before the release. */
export function spokenPoint(plan: Plan, point: PointOfNoReturn): string {
  const at = findStep(plan, point.step)?.at;
  const lost = point.loses.length === 0 ? "it is not undone" : `${oneOf(point.loses, "and")} cannot go back`;
  const left =
    point.keepsWayBack.length === 0 ? "nothing can" : `${oneOf(point.keepsWayBack, "and")} still can`;
  return `point of no return${at === undefined ? "" : ` (${spokenOffset(at)})`}: ${lost}, ${left}; ${point.why}`;
}
