import { type HeldBack, heldIn } from "../freeze/hold.ts";
import { days } from "../kit/duration.ts";
import { fromMillis, type Instant, minus, plus, toMillis } from "../kit/instant.ts";
import { at, offsetMs, offsetOf } from "../kit/offset.ts";
import type { Plan } from "../plan/schema.ts";
import { type InTheWay, leadOffset } from "../plan/timeline.ts";
import type { Step } from "../step/schema.ts";
import { askedOf, windowsAhead } from "./seen.ts";
import { freezesDuring } from "./spans.ts";
import type { CalendarState } from "./state.ts";

/** So far ahead of its start a plan is held against the calendar. */
const AHEAD = days(120);

/** What keeps a plan's start or a step back at a moment, by the calendar and the plan's own freezes. */
function holderOf(plan: Plan, calendar: CalendarState) {
  const asked = askedOf(plan);
  const from = minus(plan.start, days(30));
  const own = plan.freezes.map((freeze) => ({ id: freeze.name, ...freeze }));
  const freezes = [...own, ...freezesDuring(calendar, asked, from, plus(plan.start, AHEAD))];
  const windows = plan.window === "required" ? windowsAhead(calendar, asked, startOf(plan)) : [];
  return (what: Step | "start", moment: Instant): HeldBack | undefined =>
    heldIn(plan, freezes, windows, what, moment);
}

/** When the first row is due. */
function startOf(plan: Plan): Instant {
  return at(plan.start, leadOffset(plan));
}

/** The first moment that is not held back; undefined where none is known. */
function freed(held: (moment: Instant) => HeldBack | undefined, from: Instant): Instant | undefined {
  let moment = from;
  for (let turn = 0; turn < 1_000; turn++) {
    const why = held(moment);
    if (why === undefined) return moment;
    if (why.until === undefined) return undefined;
    moment = why.until;
  }
  return undefined;
}

/** T as it would be: the plan's own, or later where its start falls where nothing may start. */
export function startWithin(plan: Plan, calendar: CalendarState): Instant {
  const holder = holderOf(plan, calendar);
  const free = freed((moment) => holder("start", moment), startOf(plan));
  if (free === undefined) return plan.start;
  return fromMillis(toMillis(free) - offsetMs(leadOffset(plan)));
}

/** What keeps a plan's first row from starting at its time. */
export function startHeldBy(plan: Plan, calendar: CalendarState): HeldBack | undefined {
  return holderOf(plan, calendar)("start", startOf(plan));
}

/** Whether a freeze, of the plan's own or of the calendar, holds its start, or a step so many ms after T. */
export function frozenAt(
  plan: Plan,
  calendar: CalendarState,
): (what: Step | "start", ms?: number) => boolean {
  const holder = holderOf(plan, calendar);
  return (what, ms = offsetMs(leadOffset(plan))) =>
    holder(what, fromMillis(toMillis(plan.start) + ms))?.for === "freeze";
}

/** What of the calendar is in the way of a timeline. */
export function calendarInTheWay(plan: Plan, calendar: CalendarState): InTheWay {
  const holder = holderOf(plan, calendar);
  return (step, offset) => {
    const moment = at(plan.start, offset);
    const held = holder(step, moment);
    if (held === undefined) return undefined;
    const until = freed((one) => holder(step, one), moment);
    const name = held.for === "freeze" ? `freeze "${held.name}"` : "no maintenance window is open";
    // Where no window is known it stays where it is; lint says that it never comes.
    return { name, until: until === undefined ? offset : offsetOf(plan.start, until) };
  };
}
