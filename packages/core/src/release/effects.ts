import { heldBack } from "../freeze/hold.ts";
import type { Instant } from "../kit/instant.ts";
import { findComponent } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { stepState } from "../step/evolve.ts";
import { isPhase } from "../step/schema.ts";
import { paceOf } from "../target/pace.ts";
import type { ReleaseEvent } from "./events.ts";
import { hasEnded, isArmed, type ReleaseState } from "./state.ts";

/**
 * What has to be done outside because of an event. Each is done at once by whoever wrote the event, and
 * again by the table's stream, so each may come twice and must do no harm the second time.
 */
export type Effect =
  | { readonly kind: "start-rollout" }
  | { readonly kind: "start-rollback"; readonly n: number }
  | { readonly kind: "send"; readonly message: string }
  /** Stop, or let go on, the rollouts that go on by themselves. */
  | { readonly kind: "settle-stores" }
  | { readonly kind: "reduce"; readonly trigger: string }
  /** Take down what was put up for this release only: its timer, its stand-by rule. */
  | { readonly kind: "clear-away" }
  /** Put it into the archive, if it is closed. */
  | { readonly kind: "archive" }
  /** Take copies of its archive to where copies are wanted. */
  | { readonly kind: "copy-archive" };

export function effectsOf(event: ReleaseEvent): Effect[] {
  switch (event.type) {
    case "ReleaseSubmitted":
      return [{ kind: "start-rollout" }];
    case "RollbackStarted":
      return [{ kind: "start-rollback", n: event.n }];
    case "MessageDue":
      return [{ kind: "send", message: event.message }];
    case "ReleasePaused":
    case "ReleaseResumed":
    case "FreezeDeclared":
    case "FreezeLifted":
    case "PhaseHeld":
    case "PhaseReleased":
    case "PhasePassed":
      return [{ kind: "settle-stores" }];
    case "TriggerFired":
      return event.respond === "reduce" ? [{ kind: "reduce", trigger: event.trigger }] : [];
    case "ReleaseAborted":
      return [{ kind: "clear-away" }, { kind: "archive" }];
    case "ReviewOpened":
    case "RollbackEnded":
      return [{ kind: "clear-away" }];
    case "ReleaseCompleted":
    case "ReviewSigned":
    case "ArchiveAsked":
      return [{ kind: "archive" }];
    case "ReleaseArchived":
    case "ArchiveCopyAsked":
      return [{ kind: "copy-archive" }];
    default:
      return [];
  }
}

/** The components whose rollout goes on by itself and is not as it should be: to be stopped, or let go on. */
export function storesToSettle(
  plan: Plan,
  state: ReleaseState,
  now: Instant,
): { component: string; hold: boolean }[] {
  if (!isArmed(state.status)) return [];
  return Object.entries(state.components).flatMap(([component, { touched, held, observed }]) => {
    const target = findComponent(plan, component)?.target;
    if (target === undefined || paceOf(target.kind) !== "curve" || !touched || observed.share >= 100)
      return [];
    const isFrozen = heldBack(plan, state, { component }, now)?.for === "freeze";
    const hold = state.paused !== undefined || isFrozen || hasHeldPhase(plan, state, component);
    return hold === held ? [] : [{ component, hold }];
  });
}

function hasHeldPhase(plan: Plan, state: ReleaseState, component: string): boolean {
  return plan.steps
    .filter(isPhase)
    .some((phase) => phase.component === component && stepState(state, phase.id).status === "held");
}

/** Whether anything put up for the release is still of use. */
export function isCleared(state: ReleaseState): boolean {
  return hasEnded(state.status) || state.status === "reviewing";
}
