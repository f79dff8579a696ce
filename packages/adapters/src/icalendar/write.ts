import type { Span } from "@gonogo/core/calendar/schema";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import ICAL from "ical.js";

/** What a calendar program shows for each kind. */
const TITLES = { freeze: "Freeze", window: "Maintenance" } as const;

/** Freezes and maintenance windows as an iCalendar text (RFC 5545), all times in UTC. */
export function writeICalendar(spans: readonly Span[], now: Instant): string {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("prodid", "-//gonogo//calendar//EN");
  calendar.addPropertyWithValue("x-wr-calname", "gonogo");
  for (const span of spans) calendar.addSubcomponent(entryOf(span, now));
  return `${calendar.toString()}\r\n`;
}

function entryOf(span: Span, now: Instant): ICAL.Component {
  const entry = new ICAL.Component("vevent");
  entry.addPropertyWithValue("uid", `${span.id}@gonogo`);
  entry.addPropertyWithValue("dtstamp", timeOf(now));
  entry.addPropertyWithValue("dtstart", timeOf(span.from));
  entry.addPropertyWithValue("dtend", timeOf(span.to));
  entry.addPropertyWithValue("summary", `${TITLES[span.kind]}: ${span.name}`);
  entry.addPropertyWithValue("categories", span.kind.toUpperCase());
  const scope = [
    span.environments === undefined ? "every environment" : span.environments.join(", "),
    span.components === undefined ? "every component" : span.components.join(", "),
    ...(span.incident === undefined ? [] : [span.incident]),
  ];
  entry.addPropertyWithValue("description", scope.join("; "));
  // A freeze is no reason for anybody to be shown as busy.
  entry.addPropertyWithValue("transp", "TRANSPARENT");
  return entry;
}

/** iCalendar knows whole seconds. */
function timeOf(moment: Instant): ICAL.Time {
  const whole = fromMillis(Math.floor(toMillis(moment) / 1_000) * 1_000);
  return ICAL.Time.fromDateTimeString(`${whole.slice(0, 19)}Z`);
}
