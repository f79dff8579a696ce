import { heldBack } from "../freeze/hold.ts";
import { gateBlockers } from "../gate/decide.ts";
import type { Instant } from "../kit/instant.ts";
import { findStep, type Lane, lanes } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { openValidations } from "../review/decide.ts";
import { nextInRollback } from "../rollback/next.ts";
import { metricByHand } from "../step/by-hand.ts";
import { overdueAt } from "../step/decide.ts";
import { stepState } from "../step/evolve.ts";
import { isFinished, isManualTarget, type NotReady, notReady } from "../step/ready.ts";
import type { Step } from "../step/schema.ts";
import { hasReached } from "../watch/judge.ts";
import { startsAt } from "./start-time.ts";
import { hasEnded, type ReleaseState } from "./state.ts";

/**
 * What a state machine does next. `wait` names what for: when that has changed, the machine is woken and
 * asks again. `until` is when it asks again by itself.
 */
export type Next =
  | { readonly do: "wait"; readonly for: WaitFor; readonly step?: string; readonly until?: Instant }
  | { readonly do: "start" }
  | { readonly do: "lanes"; readonly lanes: readonly Lane[] }
  | { readonly do: "begin" | "check" | "probe" | "shift"; readonly step: string }
  | { readonly do: "judge" }
  | { readonly do: "done" }
  /** The release was stopped: the machine ends, and moves nothing any more. */
  | { readonly do: "stop" };

export type WaitFor =
  | NotReady["for"]
  | "gates"
  | "alarm"
  | "person"
  | "decision"
  | "watch"
  | "validation"
  | "bake"
  | "review";

/** Who asks: the rollout machine before its lanes, in one of them, or after them; or the rollback machine. */
export type Asker = "opening" | "closing" | "rollback" | { readonly lane: string };

export function next(plan: Plan, state: ReleaseState, asker: Asker, now: Instant): Next {
  if (asker === "rollback") return nextInRollback(state, now);
  if (state.status === "rolling-back" || state.status === "aborted" || state.rollback !== undefined)
    return { do: "stop" };
  if (asker === "opening") return nextOpening(plan, state, now);
  if (asker === "closing") return nextClosing(plan, state, now);
  if (hasEnded(state.status)) return { do: "stop" };
  return nextInLane(plan, state, asker.lane, now);
}

function nextOpening(plan: Plan, state: ReleaseState, now: Instant): Next {
  if (state.status === "gates") {
    return gateBlockers(plan, state, now).length === 0 ? { do: "judge" } : { do: "wait", for: "gates" };
  }
  if (state.status !== "ready") return { do: "lanes", lanes: lanes(plan) };
  if (state.paused !== undefined) return { do: "wait", for: "resume" };
  const due = startsAt({ plan, state });
  if (due !== undefined && now < due) return { do: "wait", for: "time", until: due };
  const held = heldBack(plan, state, "start", now);
  if (held !== undefined) return waiting(held);
  return state.startHeld.length > 0 ? { do: "wait", for: "alarm" } : { do: "start" };
}

function nextInLane(plan: Plan, state: ReleaseState, lane: string, now: Instant): Next {
  const steps = lanes(plan).find(({ id }) => id === lane)?.steps ?? [];
  const id = steps.find((step) => !isFinished(state, step));
  const step = id === undefined ? undefined : findStep(plan, id);
  if (step === undefined) return { do: "done" };
  const { status, startedAt, watchUntil } = stepState(state, step.id);
  switch (status) {
    case "waiting": {
      const waits = notReady(plan, state, step, now);
      if (waits === undefined) return begin(step);
      return waiting(waits, step.id);
    }
    case "running": {
      const isRead = step.kind === "check" && metricByHand(plan, step) === undefined;
      if (isRead || step.kind === "probe") return { do: step.kind, step: step.id };
      const overdue = startedAt === undefined ? undefined : overdueAt(step, startedAt);
      // Once it is overdue there is nothing to wake up for but the person.
      const until = overdue === undefined || overdue <= now ? {} : { until: overdue };
      return { do: "wait", for: "person", step: step.id, ...until };
    }
    case "shifting":
      if (step.kind === "phase" && isManualTarget(plan, step.component))
        return { do: "wait", for: "person", step: step.id };
      if (state.paused !== undefined) return { do: "wait", for: "resume", step: step.id };
      return waitsInFreeze(plan, state, step, now) ?? { do: "shift", step: step.id };
    case "watching": {
      if (state.paused !== undefined) return { do: "wait", for: "resume", step: step.id };
      const reached = step.kind === "phase" && hasReached(plan, state, step);
      if (watchUntil !== undefined && now >= watchUntil) {
        // A store's curve is looked at by the clock's visits; they wake the machine when it is there.
        return reached ? { do: "judge" } : { do: "wait", for: "watch", step: step.id };
      }
      return {
        do: "wait",
        for: "watch",
        step: step.id,
        ...(watchUntil === undefined ? {} : { until: watchUntil }),
      };
    }
    case "held":
    case "failed":
      return { do: "wait", for: "decision", step: step.id };
    case "done":
    case "skipped":
      return { do: "done" };
  }
}

/** A shift that was begun, and is not known to be done, is not done again in a freeze either. */
function waitsInFreeze(plan: Plan, state: ReleaseState, step: Step, now: Instant): Next | undefined {
  const held = heldBack(plan, state, step, now);
  return held === undefined ? undefined : waiting(held, step.id);
}

function waiting(waits: NotReady, step?: string): Next {
  const until = "until" in waits && waits.until !== undefined ? { until: waits.until } : {};
  return { do: "wait", for: waits.for, ...(step === undefined ? {} : { step }), ...until };
}

function begin(step: Step): Next {
  return step.kind === "phase" ? { do: "shift", step: step.id } : { do: "begin", step: step.id };
}

function nextClosing(plan: Plan, state: ReleaseState, now: Instant): Next {
  if (hasEnded(state.status)) return { do: "done" };
  if (state.paused !== undefined) return { do: "wait", for: "resume" };
  switch (state.status) {
    case "validating":
      return openValidations(plan, state).length === 0 ? { do: "judge" } : { do: "wait", for: "validation" };
    case "baking":
      if (state.bakeUntil !== undefined && now < state.bakeUntil) {
        return { do: "wait", for: "bake", until: state.bakeUntil };
      }
      return { do: "judge" };
    case "reviewing":
      return { do: "wait", for: "review" };
    default:
      return { do: "judge" };
  }
}

/** Whether a machine that waits has something else to do by now. */
export function isOver(
  wait: Pick<Extract<Next, { do: "wait" }>, "for" | "step" | "until">,
  now: Next,
): boolean {
  return now.do !== "wait" || now.for !== wait.for || now.step !== wait.step || now.until !== wait.until;
}
