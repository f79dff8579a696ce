import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import type { Day } from "./civil.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Formatters are dear to make and free of state. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formatters.set(zone, made);
  return made;
}

/** Whether it is a name that the time zone database knows, such as `Europe/Berlin` or `UTC`. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall shows, as milliseconds since 1970 if that clock were in UTC. */
export function wallOf(zone: string, millis: number): number {
  if (zone === "UTC") return millis;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(millis)) {
    if (type !== "literal" && type !== "era") parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((millis % 1_000) + 1_000) % 1_000);
}

function offsetAt(zone: string, millis: number): number {
  return wallOf(zone, millis) - millis;
}

/** The moments at which the wall shows this, earliest first; two where clocks went back, none where they went forward. */
export function momentsOf(zone: string, wall: number): number[] {
  // No zone is further from UTC than a day, nor has it changed its clocks twice within three.
  const offsets = new Set([offsetAt(zone, wall - 1.5 * DAY_MS), offsetAt(zone, wall + 1.5 * DAY_MS)]);
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((moment) => wallOf(zone, moment) === wall)
    .sort((a, b) => a - b);
}

/** When clocks went forward over this time of the wall: the first moment after the gap. */
function afterGap(zone: string, wall: number): number {
  let before = wall - 1.5 * DAY_MS;
  let after = wall + 1.5 * DAY_MS;
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (middle === before) break;
    if (wallOf(zone, middle) < wall) before = middle;
    else after = middle;
  }
  return after;
}

function wallAt(day: Day, minutes: number): number {
  return day * DAY_MS + minutes * MINUTE_MS;
}

/** When the wall first shows that time of a day or, where clocks went forward over it, a later one. */
export function beginsAt(zone: string, day: Day, minutes: number): Instant {
  const wall = wallAt(day, minutes);
  return fromMillis(momentsOf(zone, wall)[0] ?? afterGap(zone, wall));
}

/** When the wall has shown an earlier time than that of a day for the last time. */
export function endsAt(zone: string, day: Day, minutes: number): Instant {
  const last = wallAt(day, minutes) - MINUTE_MS;
  const moment = momentsOf(zone, last).at(-1);
  return fromMillis(moment === undefined ? afterGap(zone, last) : moment + MINUTE_MS);
}

/** The day on the wall at a moment. */
export function dayAt(zone: string, moment: Instant): Day {
  return Math.floor(wallOf(zone, toMillis(moment)) / DAY_MS);
}

/** The one moment that a local time means (RFC 5545 3.3.5): the first of two, and past a gap by as much. */
export function instantOf(zone: string, day: Day, minutes: number): Instant {
  const wall = wallAt(day, minutes);
  return fromMillis(momentsOf(zone, wall)[0] ?? wall - offsetAt(zone, wall - 1.5 * DAY_MS));
}
