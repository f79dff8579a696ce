import { frozenAt } from "../calendar/plan.ts";
import type { CalendarState } from "../calendar/state.ts";
import { offsetMs } from "../kit/offset.ts";
import type { Plan } from "../plan/schema.ts";
import { plannedTimeline } from "../plan/timeline.ts";

/**
 * Whether a plan's start, or a step of its timeline, falls into a freeze, of its own or of the calendar: exactly
 * where lint names one. A freeze that lies between two steps, or only over a watch, holds nothing up.
 */
export function runsIntoFreeze(plan: Plan, calendar: CalendarState): boolean {
  const isFrozen = frozenAt(plan, calendar);
  return (
    isFrozen("start") || plannedTimeline(plan).some(({ step, starts }) => isFrozen(step, offsetMs(starts)))
  );
}
