import type { Scope, Span, SpanKind } from "@gonogo/core/calendar/schema";
import { instantOf, isZone } from "@gonogo/core/calendar/zone";
import { digestOf, shortDigest } from "@gonogo/core/kit/digest";
import { fromMillis, type Instant } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import ICAL from "ical.js";

/** Texts larger than this are not read. */
export const LARGEST_CALENDAR = 1_000_000;
/** Events in one calendar, times that one event comes again, and times in all that are looked at. */
const MOST_EVENTS = 2_000;
const MOST_TURNS = 50_000;
const MOST_SPANS = 1_000;

export interface Wanted {
  /** What its entries are called after: ids begin with it. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly scope: Scope;
  /** The zone of all-day entries and of times without one, where the calendar itself names none. */
  readonly zone: string;
  readonly from: Instant;
  readonly to: Instant;
}

export type ReadCalendar =
  | { readonly ok: true; readonly spans: readonly Span[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * The entries of an iCalendar text (RFC 5545) between two moments, each time of what comes again by itself:
 * RRULE, RDATE, EXDATE, moved and cancelled times. Never throws, whatever the text.
 */
export function readICalendar(text: string, wanted: Wanted): ReadCalendar {
  if (text.length > LARGEST_CALENDAR) {
    return { ok: false, message: `it is larger than ${LARGEST_CALENDAR} characters` };
  }
  try {
    return readWhole(text, wanted);
  } catch (error) {
    return { ok: false, message: `it is not an iCalendar text: ${messageOf(error).slice(0, 200)}` };
  }
}

function readWhole(text: string, wanted: Wanted): ReadCalendar {
  const parsed: unknown = ICAL.parse(text);
  const calendars = (Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed : [parsed]) as [];
  const notes: string[] = [];
  const spans = new Map<string, Span>();
  let turns = 0;
  for (const one of calendars) {
    const calendar = new ICAL.Component(one);
    if (calendar.name !== "vcalendar") return { ok: false, message: "it holds no VCALENDAR" };
    const own = textOf(calendar, "x-wr-timezone");
    const zone = own !== undefined && isZone(own) ? own : wanted.zone;
    const events = calendar.getAllSubcomponents("vevent");
    if (events.length > MOST_EVENTS) return { ok: false, message: `it has more than ${MOST_EVENTS} entries` };
    for (const event of eventsOf(events)) {
      const found = timesOf(event, { ...wanted, zone }, notes, () => {
        turns += 1;
        return turns <= MOST_TURNS;
      });
      for (const span of found) spans.set(span.id, span);
      if (spans.size > MOST_SPANS) return { ok: false, message: `it has more than ${MOST_SPANS} times` };
      if (turns > MOST_TURNS) return { ok: false, message: "its entries come again too often to be counted" };
    }
  }
  const inOrder = [...spans.values()].toSorted((a, b) => (a.from === b.from ? 0 : a.from < b.from ? -1 : 1));
  return { ok: true, spans: inOrder, notes };
}

/** Each entry with the times of it that were moved, which stand beside it under the same UID. */
function eventsOf(components: readonly ICAL.Component[]): ICAL.Event[] {
  const moved = components.filter((one) => one.hasProperty("recurrence-id"));
  const mains = components.filter((one) => !one.hasProperty("recurrence-id"));
  const uids = new Set(mains.map((one) => textOf(one, "uid")));
  return [
    ...mains.map((one) => {
      const uid = textOf(one, "uid");
      const exceptions = moved.filter((other) => textOf(other, "uid") === uid);
      return new ICAL.Event(one, { strictExceptions: true, exceptions });
    }),
    // A moved time whose entry is not in the text stands for itself.
    ...moved.filter((one) => !uids.has(textOf(one, "uid"))).map((one) => new ICAL.Event(one)),
  ];
}

function timesOf(event: ICAL.Event, wanted: Wanted, notes: string[], turn: () => boolean): Span[] {
  if (textOf(event.component, "status") === "CANCELLED" || event.startDate === null) return [];
  const found: Span[] = [];
  const add = (item: ICAL.Event, start: ICAL.Time, end: ICAL.Time) => {
    if (textOf(item.component, "status") === "CANCELLED") return;
    const tzid = tzidOf(item.component);
    const from = momentOf(start, tzid, wanted.zone, notes);
    const to = momentOf(end, tzid, wanted.zone, notes);
    if (from >= to || to <= wanted.from || from >= wanted.to) return;
    const name = (item.summary ?? "").replace(/\s+/g, " ").trim().slice(0, 200) || wanted.name;
    const id = `${wanted.name}:${shortDigest(digestOf({ uid: event.uid ?? name, from }))}`;
    const span = { id, kind: wanted.kind, name: plain(name), from, to, source: "import" as const };
    found.push({ ...span, ...wanted.scope });
  };
  if (!event.isRecurring()) {
    add(event, event.startDate, event.endDate);
    return found;
  }
  const iterator = event.iterator();
  for (let next = iterator.next(); next !== null && next !== undefined && turn(); next = iterator.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    add(item, startDate, endDate);
    // Moved times aside they come in order, and nothing is moved by more than this.
    if (next.toUnixTime() * 1_000 > Date.parse(wanted.to) + 40 * 86_400_000) break;
  }
  return found;
}

/** The moment of a time: in UTC, in its zone by the name that everybody knows, or by the text's own rules. */
function momentOf(time: ICAL.Time, tzid: string | undefined, zone: string, notes: string[]): Instant {
  const day = Date.UTC(time.year, time.month - 1, time.day) / 86_400_000;
  if (time.isDate) return instantOf(zone, day, 0);
  const isUtc = time.zone === ICAL.Timezone.utcTimezone;
  if (isUtc) return fromMillis(time.toUnixTime() * 1_000);
  const minutes = time.hour * 60 + time.minute + time.second / 60;
  if (tzid !== undefined && isZone(tzid)) return instantOf(tzid, day, minutes);
  if (tzid !== undefined && time.zone !== ICAL.Timezone.localTimezone && time.zone?.tzid === tzid) {
    return fromMillis(time.toUnixTime() * 1_000);
  }
  if (tzid !== undefined) {
    const note = `the zone ${plain(tzid).slice(0, 60)} is not known; ${zone} is taken for it`;
    if (!notes.includes(note)) notes.push(note);
  }
  return instantOf(zone, day, minutes);
}

function tzidOf(component: ICAL.Component): string | undefined {
  const tzid = component.getFirstProperty("dtstart")?.getParameter("tzid");
  return typeof tzid === "string" ? tzid : undefined;
}

function textOf(component: ICAL.Component, property: string): string | undefined {
  const value = component.getFirstPropertyValue(property);
  return typeof value === "string" ? value : undefined;
}

/** Without what logs and terminals act upon. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this takes out
  return text.replace(/[\u0000-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, " ").trim() || "untitled";
}
