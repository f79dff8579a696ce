import { isZone, momentsOf, wallOf } from "@gonogo/core/calendar/zone";

/** A date and time as a clock on the wall shows it, in some time zone. Months and days count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY = 86_400_000;

/** Whether `name` is in the IANA time zone database. Bare offsets (`+01:00`) are not names. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && isZone(name);
}

export function wallTime(instant: number, zone: string): WallTime {
  return utcParts(wallOf(zone, instant));
}

/**
 * The instants at which a clock in `zone` shows `wall`, earliest first: one as a rule, none where the clock
 * is put forward over it, two where the clock is put back.
 */
export function instantsOf(wall: WallTime, zone: string): number[] {
  return momentsOf(zone, naive(wall));
}

/**
 * The instant of `wall`, where there must be one: the earlier of two, and for a time that the clock jumps
 * over, as much later as the clock jumps (as java.time does).
 */
export function instantOf(wall: WallTime, zone: string): number {
  const [first] = instantsOf(wall, zone);
  return first ?? naive(wall) - offsetAt(naive(wall) - DAY, zone);
}

/** The wall time read as if it were UTC: a number that orders wall times. */
export function naive(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function offsetAt(instant: number, zone: string): number {
  return naive(wallTime(instant, zone)) - Math.floor(instant / 1000) * 1000;
}

function utcParts(instant: number): WallTime {
  const date = new Date(instant);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
