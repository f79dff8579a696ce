import { heldFor, spansDuring } from "../calendar/spans.ts";
import type { CalendarState } from "../calendar/state.ts";
import { at } from "../kit/offset.ts";
import type { Plan } from "../plan/schema.ts";
import { leadOffset, plannedEnd } from "../plan/timeline.ts";

/** Whether some freeze, of the plan's own or of the calendar, falls into the time that a plan is to take. */
export function runsIntoFreeze(plan: Plan, calendar: CalendarState): boolean {
  const from = at(plan.start, leadOffset(plan));
  const to = at(plan.start, plannedEnd(plan));
  if (plan.freezes.some((freeze) => freeze.from < to && from < freeze.to)) return true;
  const asked = { environment: plan.environment, components: plan.components };
  return spansDuring(calendar, from, to).some(
    (span) => span.kind === "freeze" && heldFor(span, asked) !== undefined,
  );
}
