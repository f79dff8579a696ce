import { calendarInTheWay, startHeldBy, startWithin } from "../../calendar/plan.ts";
import { askedOf } from "../../calendar/seen.ts";
import { nextWindow } from "../../calendar/spans.ts";
import type { CalendarState } from "../../calendar/state.ts";
import { spoken, toMs } from "../../kit/duration.ts";
import { since } from "../../kit/instant.ts";
import { at, offsetMs, spokenOffset } from "../../kit/offset.ts";
import { type Problem, pointer } from "../../kit/problem.ts";
import type { Plan } from "../schema.ts";
import { leadOffset, plannedEnd, plannedTimeline } from "../timeline.ts";
import { error, type Rule, warning } from "./rule.ts";

/**
 * What the deployment's calendar does to the timeline, told when the plan is submitted and not at T: what waits
 * and until when; and what cannot wait, or waits for what never comes.
 */
export const throughCalendar: Rule = (plan, { calendar }) => {
  if (calendar === undefined) return [];
  // By its approvals a hotfix may be the exception; then nothing of this holds it.
  if (plan.hotfix?.severity === "SEV-1") return [];
  return [...windowProblems(plan, calendar), ...startProblems(plan, calendar), ...waits(plan, calendar)];
};

function windowProblems(plan: Plan, calendar: CalendarState): Problem[] {
  if (plan.window !== "required") return [];
  const next = nextWindow(calendar, askedOf(plan), at(plan.start, leadOffset(plan)));
  if (next !== undefined) return [];
  return [
    error("no-window", {
      pointer: pointer("window"),
      message: `it has to run in a maintenance window, and the calendar has none for ${plan.environment} after ${plan.start}`,
      fix: "declare a window (gonogo calendar window), or take window: required out",
    }),
  ];
}

function startProblems(plan: Plan, calendar: CalendarState): Problem[] {
  const held = startHeldBy(plan, calendar);
  const start = startWithin(plan, calendar);
  if (held === undefined || start === plan.start) return [];
  const by = held.for === "freeze" ? `into the freeze "${held.name}"` : "outside of every maintenance window";
  const found = {
    pointer: pointer("start"),
    message: `its start, ${at(plan.start, leadOffset(plan))}, falls ${by}; T would be ${start}`,
    fix: `write start: ${start}`,
  };
  const wait = since(plan.start, start);
  if (held.for === "window" || toMs(wait) <= toMs(plan.limits.gatesWithin))
    return [warning("start-moves", found)];
  const message = `${found.message}, ${spoken(wait)} later; it may start up to ${spoken(plan.limits.gatesWithin)} late`;
  return [error("start-frozen", { ...found, message })];
}

function waits(plan: Plan, calendar: CalendarState): Problem[] {
  const moved = { ...plan, start: startWithin(plan, calendar) };
  const inTheWay = calendarInTheWay(moved, calendar);
  const waiting = plannedTimeline(moved, inTheWay).filter(({ heldBy }) => heldBy !== undefined);
  const found = waiting.map(({ step, starts, heldBy }) =>
    warning("waits-for-calendar", {
      pointer: pointer("steps", plan.steps.indexOf(step), "at"),
      message: `${step.id} will wait until ${at(moved.start, starts)}: ${heldBy}`,
      fix: "start so that nothing of it is due then, or let it wait",
    }),
  );
  const end = plannedEnd(moved, inTheWay);
  if (waiting.length === 0 || offsetMs(end) <= toMs(plan.limits.maxDuration)) return found;
  return [
    ...found,
    error("cannot-avoid-freeze", {
      pointer: pointer("limits", "maxDuration"),
      message: `what it waits for puts its end off to ${spokenOffset(end)}, and nothing shifts after ${spoken(plan.limits.maxDuration)}`,
      fix: "start later, or allow a longer maxDuration",
    }),
  ];
}
