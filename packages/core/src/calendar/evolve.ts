import { days } from "../kit/duration.ts";
import { minus } from "../kit/instant.ts";
import type { Meta } from "../release/evolve.ts";
import type { CalendarEvent } from "./events.ts";
import type { CalendarState } from "./state.ts";

/** What has been over for so long is in the log only. */
const KEPT = days(60);

export function evolveCalendar(calendar: CalendarState, event: CalendarEvent, meta: Meta): CalendarState {
  switch (event.type) {
    case "WindowNoticeDue": {
      const { notice, window, channel, text } = event;
      const put = { status: "due" as const, window, channel, text, at: meta.at };
      return { ...calendar, notices: { ...fresh(calendar.notices, meta), [notice]: put } };
    }
    case "WindowNoticeSent":
    case "WindowNoticeFailed": {
      const before = calendar.notices[event.notice];
      if (before === undefined) return calendar;
      const isSent = event.type === "WindowNoticeSent";
      const status = isSent ? ("sent" as const) : ("failed" as const);
      const detail = isSent ? event.via : event.detail;
      return {
        ...calendar,
        notices: { ...calendar.notices, [event.notice]: { ...before, status, detail, at: meta.at } },
      };
    }
    case "CalendarFeedFailed": {
      const before = calendar.imports[event.name];
      if (before === undefined) return calendar;
      const stale = { since: before.stale?.since ?? meta.at, why: event.why };
      return { ...calendar, imports: { ...calendar.imports, [event.name]: { ...before, stale } } };
    }
    default:
      return { ...changed(calendar, event, meta), version: calendar.version + 1, changedAt: meta.at };
  }
}

function changed(
  calendar: CalendarState,
  event: Exclude<CalendarEvent, { type: `WindowNotice${string}` | "CalendarFeedFailed" }>,
  meta: Meta,
): CalendarState {
  switch (event.type) {
    case "CalendarRulesSet":
      return { ...calendar, rules: event.rules };
    case "CalendarSpanDeclared": {
      const { span, shortNotice } = event;
      const declared = {
        ...span,
        at: meta.at,
        by: meta.by,
        reason: meta.reason ?? "",
        ...(shortNotice === undefined ? {} : { shortNotice }),
      };
      const kept = Object.entries(calendar.declared).filter(([, { to }]) => to > minus(meta.at, KEPT));
      return { ...calendar, declared: { ...Object.fromEntries(kept), [span.id]: declared } };
    }
    case "CalendarSpanLifted": {
      const before = calendar.declared[event.span];
      if (before === undefined) return calendar;
      const lifted = { at: meta.at, by: meta.by, reason: meta.reason ?? "" };
      return { ...calendar, declared: { ...calendar.declared, [event.span]: { ...before, lifted } } };
    }
    case "CalendarImported": {
      const { type: _, name, ...imported } = event;
      return { ...calendar, imports: { ...calendar.imports, [name]: { ...imported, at: meta.at } } };
    }
    case "CalendarImportRemoved": {
      const { [event.name]: _, ...imports } = calendar.imports;
      return { ...calendar, imports };
    }
  }
}

function fresh(notices: CalendarState["notices"], meta: Meta): CalendarState["notices"] {
  return Object.fromEntries(
    Object.entries(notices).filter(([, { window }]) => window.to > minus(meta.at, KEPT)),
  );
}
