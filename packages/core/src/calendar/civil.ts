/** A day of the calendar, as a count of days since 1970-01-01. It has no zone until it is given one. */
export type Day = number;

const DAY_MS = 86_400_000;

export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export function dayOf({ year, month, day }: Civil): Day {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

export function civilOf(day: Day): Civil {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `2025-12-24`. */
export function spelt(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
