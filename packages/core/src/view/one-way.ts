import { at } from "../kit/offset.ts";
import { findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { plannedTimeline } from "../plan/timeline.ts";
import type { ReleaseState } from "../release/state.ts";
import { pointsOfNoReturn } from "../rollback/reachable.ts";
import { hasBegun } from "../step/one-way.ts";
import type { OneWayView } from "./schema.ts";

/** Each point of no return: where it lies, what is lost there, who has approved it, and whether it is behind. */
export function oneWayViews(plan: Plan, state: ReleaseState): OneWayView[] {
  const t = state.t ?? state.plannedT;
  const timeline = plannedTimeline(plan);
  return pointsOfNoReturn(plan).flatMap((point): OneWayView[] => {
    const step = findStep(plan, point.step);
    const planned = timeline.find((row) => row.step.id === point.step);
    if (step === undefined || planned === undefined) return [];
    const given = Object.entries(state.oneWay?.[step.id] ?? {}).map(([role, one]) => {
      return { role, by: one.by, at: one.at };
    });
    return [{ ...point, at: at(t, planned.starts), taken: hasBegun(state, step), given }];
  });
}
