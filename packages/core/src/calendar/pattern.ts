import { plain } from "../kit/text.ts";
import { type Civil, civilOf, type Day, dayOf, daysIn, weekdayOf } from "./civil.ts";

/** Which days a rule falls on. */
export type DayPattern = {
  readonly months?: readonly number[];
} & (
  | { readonly kind: "weekdays"; readonly weekdays: readonly number[] }
  /** `nth` 1 to 5, or -1 for the last of the month. */
  | { readonly kind: "nth"; readonly nth: number; readonly weekday: number }
  /** -1 for the last day of the month. */
  | { readonly kind: "day-of-month"; readonly day: number }
);

/** From one date to another, both included: every year, or once. */
export type DateRange =
  | { readonly kind: "yearly"; readonly first: MonthDay; readonly last: MonthDay }
  | { readonly kind: "once"; readonly first: Day; readonly last: Day };

export interface MonthDay {
  readonly month: number;
  readonly day: number;
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const NTHS: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  last: -1,
};

export const EVERY_FORMS =
  "day, weekday, weekend, Friday, Monday and Thursday, first Tuesday, last Friday, 15th, last day; with of March behind it for some months only";
export const DATES_FORMS = "12-24..12-26 for every year, or 2025-12-24..2026-01-02 for once";

/** Reads `first Tuesday`, `Friday`, `weekday`, `15th`, `last day of March`. Undefined when it is none. */
export function parseEvery(text: string): DayPattern | undefined {
  const [days = "", ofMonths, ...rest] = plain(text)
    .trim()
    .toLowerCase()
    .split(/\s+of\s+/);
  if (rest.length > 0) return undefined;
  const months = ofMonths === undefined ? undefined : named(MONTHS, ofMonths)?.map((index) => index + 1);
  if (ofMonths !== undefined && months === undefined) return undefined;
  const pattern = parseDays(days.trim());
  return pattern === undefined ? undefined : { ...pattern, ...(months === undefined ? {} : { months }) };
}

function parseDays(text: string): DayPattern | undefined {
  if (text === "day") return { kind: "weekdays", weekdays: [0, 1, 2, 3, 4, 5, 6] };
  if (text === "weekday") return { kind: "weekdays", weekdays: [1, 2, 3, 4, 5] };
  if (text === "weekend") return { kind: "weekdays", weekdays: [0, 6] };
  const numbered = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(text);
  if (numbered !== null) {
    const day = Number(numbered[1]);
    return day >= 1 && day <= 31 ? { kind: "day-of-month", day } : undefined;
  }
  if (text === "last day") return { kind: "day-of-month", day: -1 };
  const [ordinal = "", ...others] = text.split(/\s+/);
  const nth = NTHS[ordinal];
  if (nth !== undefined) {
    const [weekday, ...more] = named(WEEKDAYS, others.join(" ")) ?? [];
    return weekday === undefined || more.length > 0 ? undefined : { kind: "nth", nth, weekday };
  }
  const weekdays = named(WEEKDAYS, text);
  return weekdays === undefined ? undefined : { kind: "weekdays", weekdays };
}

/** `Monday, Wednesday and Friday`, in full or by three letters or more. */
function named(names: readonly string[], text: string): number[] | undefined {
  const found = text
    .split(/\s*,\s*|\s+and\s+/)
    .map((word) => names.findIndex((name) => word.length >= 3 && name.startsWith(word)));
  return found.every((index) => index >= 0) ? [...new Set(found)].sort((a, b) => a - b) : undefined;
}

/** Reads `12-24..12-26`, `12-24`, `2025-12-24..2026-01-02`. Undefined when it is none, or no such day. */
export function parseDates(text: string): DateRange | undefined {
  const [first = "", last = first, ...rest] = plain(text)
    .trim()
    .split(/\s*\.\.\s*/);
  if (rest.length > 0) return undefined;
  const yearly = [monthDay(first), monthDay(last)] as const;
  if (yearly[0] !== undefined && yearly[1] !== undefined) {
    return { kind: "yearly", first: yearly[0], last: yearly[1] };
  }
  const [from, to] = [fullDay(first), fullDay(last)];
  if (from === undefined || to === undefined || to < from) return undefined;
  return { kind: "once", first: from, last: to };
}

function monthDay(text: string): MonthDay | undefined {
  const [, month, day] = (/^(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  // A leap year, so that 02-29 is a day.
  return isCivil({ year: 2024, month, day }) ? { month: month ?? 0, day: day ?? 0 } : undefined;
}

function fullDay(text: string): Day | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  return isCivil({ year, month, day })
    ? dayOf({ year: year ?? 0, month: month ?? 0, day: day ?? 0 })
    : undefined;
}

function isCivil({ year, month, day }: { [K in keyof Civil]: number | undefined }): boolean {
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** Whether the pattern falls on a day. */
export function fallsOn(pattern: DayPattern, day: Day): boolean {
  const civil = civilOf(day);
  if (pattern.months !== undefined && !pattern.months.includes(civil.month)) return false;
  const length = daysIn(civil.year, civil.month);
  switch (pattern.kind) {
    case "weekdays":
      return pattern.weekdays.includes(weekdayOf(day));
    case "nth":
      if (weekdayOf(day) !== pattern.weekday) return false;
      return pattern.nth === -1 ? civil.day + 7 > length : Math.ceil(civil.day / 7) === pattern.nth;
    case "day-of-month":
      return civil.day === (pattern.day === -1 ? length : pattern.day);
  }
}

/**
 * The days of a range that begins in a year; over New Year it ends in the next. The 29th of February is not
 * a day of every year: a range that begins there begins on the 1st of March, one that ends there ends on the
 * 28th, and one that is only that day is left out.
 */
export function rangeIn(
  range: Extract<DateRange, { kind: "yearly" }>,
  year: number,
): { first: Day; last: Day } | undefined {
  const { first, last } = range;
  const wraps = last.month < first.month || (last.month === first.month && last.day < first.day);
  const lastYear = wraps ? year + 1 : year;
  const from = dayOf({ year, ...first });
  const ends = Math.min(last.day, daysIn(lastYear, last.month));
  const to = dayOf({ year: lastYear, month: last.month, day: ends });
  return to < from ? undefined : { first: from, last: to };
}
