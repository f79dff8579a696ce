import { toMs } from "../kit/duration.ts";
import { type Offset, offset, offsetMs } from "../kit/offset.ts";
import { isPhase, type PhaseStep, type Step } from "../step/schema.ts";
import { reachedAfter } from "../target/app-store-curve.ts";
import { paceOf } from "../target/pace.ts";
import { findCircle, findComponent, findStep, phasesOf, prerequisites, timelineOrder } from "./graph.ts";
import type { Plan } from "./schema.ts";

/** When a step would run if everybody were punctual and every watch passed. */
export interface PlannedStep {
  readonly step: Step;
  /** Never before the step's own offset; later where it waits for something. */
  readonly starts: Offset;
  /** Completed, or passed its watch. */
  readonly ends: Offset;
  /** The steps that make it start later than its offset. */
  readonly heldUpBy: readonly string[];
  /** The freeze, or the want of a maintenance window, that makes it start later still. */
  readonly heldBy?: string;
}

/** What keeps a step from starting at an offset, and from when it may. */
export type InTheWay = (
  step: Step,
  at: Offset,
) => { readonly name: string; readonly until: Offset } | undefined;

/**
 * The timeline as it would run, with the true times of what keeps its own pace: an App Store phase ends
 * when Apple's curve has reached the share, whatever the plan's table hopes. Empty when the needs form a
 * circle (lint names it).
 */
export function plannedTimeline(plan: Plan, inTheWay: InTheWay = () => undefined): PlannedStep[] {
  if (findCircle(plan) !== undefined) return [];
  const known = new Map<string, PlannedStep>();
  const planned = (step: Step): PlannedStep => {
    const before = known.get(step.id);
    if (before !== undefined) return before;
    const waits = prerequisites(plan, step).flatMap((prerequisite) => {
      const needed = findStep(plan, prerequisite.step);
      if (needed === undefined) return [];
      const other = planned(needed);
      const until = prerequisite.until === "shifted" ? other.starts : other.ends;
      return [{ step: needed.id, until: offsetMs(until) }];
    });
    const own = offsetMs(step.at);
    const ready = Math.max(own, ...waits.map((wait) => wait.until));
    const held = inTheWay(step, offset(ready));
    const starts = held === undefined ? ready : Math.max(ready, offsetMs(held.until));
    const result: PlannedStep = {
      step,
      starts: offset(starts),
      ends: offset(isPhase(step) ? phaseEnd(plan, step, starts, planned) : starts),
      heldUpBy: waits.filter((wait) => wait.until > own && wait.until === ready).map((wait) => wait.step),
      ...(held === undefined ? {} : { heldBy: held.name }),
    };
    known.set(step.id, result);
    return result;
  };
  return timelineOrder(plan)
    .map(planned)
    .toSorted((a, b) => offsetMs(a.starts) - offsetMs(b.starts));
}

function phaseEnd(
  plan: Plan,
  phase: PhaseStep,
  starts: number,
  planned: (step: Step) => PlannedStep,
): number {
  const watched = starts + toMs(phase.watch);
  const target = findComponent(plan, phase.component)?.target;
  if (target === undefined || paceOf(target.kind) === "instant") return watched;
  const first = phasesOf(plan, phase.component)[0];
  const curveStart = first === undefined || first.id === phase.id ? starts : offsetMs(planned(first).starts);
  return Math.max(watched, curveStart + toMs(reachedAfter(phase.percent)));
}

/** When the last step ends, bake included. */
export function plannedEnd(plan: Plan, inTheWay?: InTheWay): Offset {
  const ends = plannedTimeline(plan, inTheWay).map((row) => offsetMs(row.ends));
  return offset(Math.max(0, ...ends) + toMs(plan.limits.bake));
}

/** The offset of the first row: how long before T the release must have its gates open. */
export function leadOffset(plan: Plan): Offset {
  return offset(
    Math.min(0, ...plan.steps.map((step) => offsetMs(step.at)), offsetMs(plan.poll?.at ?? offset(0))),
  );
}
