import type { SeenCalendar } from "../freeze/decide.ts";
import { hours } from "../kit/duration.ts";
import { type Instant, latest, plus } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import { startsAt } from "../release/start-time.ts";
import type { ReleaseState } from "../release/state.ts";
import { type Asked, freezesDuring, type HeldSpan, nextWindow } from "./spans.ts";
import type { CalendarState } from "./state.ts";

/** So far ahead of now, or of its start, a release is told what comes. The clock visits it at least daily. */
const AHEAD = hours(48);
/** Windows that a release is told of. */
const WINDOWS = 3;

export function askedOf(plan: Plan): Asked {
  return { environment: plan.environment, components: plan.components };
}

/** What the calendar says for a release that has come this far. */
export function seenCalendar(
  calendar: CalendarState,
  plan: Plan,
  state: ReleaseState,
  now: Instant,
): SeenCalendar {
  const asked = askedOf(plan);
  const starting = (t: Instant) => latest(now, startsAt({ plan, state: { ...state, t } }) ?? now);
  const t = state.t ?? state.plannedT;
  const until = plus(starting(t), AHEAD);
  // Before its start only what it would run into is of interest to it.
  const begin = state.startedAt === undefined ? starting(state.movedFrom ?? t) : now;
  const lifted = Object.values(calendar.declared).flatMap(({ id, lifted: one }) =>
    one === undefined ? [] : [[id, one.reason] as const],
  );
  return {
    freezes: freezesDuring(calendar, asked, begin, until).map(({ kind: _, ...freeze }) => freeze),
    windows: plan.window === "required" ? windowsAhead(calendar, asked, begin) : [],
    until,
    lifted: Object.fromEntries(lifted),
  };
}

export function windowsAhead(calendar: CalendarState, asked: Asked, from: Instant) {
  const found: HeldSpan[] = [];
  let after = from;
  while (found.length < WINDOWS) {
    const window = nextWindow(calendar, asked, after);
    if (window === undefined) break;
    // A window of some components is no window for a release of more.
    if (window.components === undefined) found.push(window);
    after = window.to;
  }
  return found.map(({ id, name, from: begins, to }) => ({ id, name, from: begins, to }));
}
