import type { Stretch } from "@gonogo/core/check/cover";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import ICAL from "ical.js";

/** A rule that repeats for ever is followed for so many shifts. */
const MOST_SHIFTS = 20_000;

/**
 * The shifts of a feed (RFC 5545) that touch a stretch, repeated ones included; undefined when it is no feed.
 * Times without a zone are taken for UTC.
 */
export function shiftsIn(text: string, { from, to }: Stretch): Stretch[] | undefined {
  let calendar: ICAL.Component;
  try {
    calendar = new ICAL.Component(ICAL.parse(text));
  } catch {
    return undefined;
  }
  if (calendar.name !== "vcalendar") return undefined;
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const events = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
  const series = events.filter((event) => !event.isRecurrenceException());
  const exceptions = events.filter((event) => event.isRecurrenceException());
  const shifts: Stretch[] = [];
  for (const event of series) {
    for (const one of exceptions) if (one.uid === event.uid) event.relateException(one);
    shifts.push(...occurrences(event, toMillis(from), toMillis(to)));
  }
  return shifts;
}

function occurrences(event: ICAL.Event, from: number, to: number): Stretch[] {
  if (!event.isRecurring()) return touching(event.startDate, event.endDate, from, to);
  const found: Stretch[] = [];
  const iterator = event.iterator();
  for (let count = 0; count < MOST_SHIFTS; count++) {
    const next = iterator.next();
    if (next === null || next === undefined || millis(next) > to) break;
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    found.push(...touching(startDate, endDate, from, to));
  }
  return found;
}

function touching(start: ICAL.Time, end: ICAL.Time, from: number, to: number): Stretch[] {
  const [begins, ends] = [millis(start), millis(end)];
  if (ends <= from || begins >= to) return [];
  return [{ from: fromMillis(begins), to: fromMillis(ends) }];
}

function millis(time: ICAL.Time): number {
  return time.toUnixTime() * 1000;
}
