import { type DayRule, dayMatches, parseDays } from "./cron-days.ts";
import { CronProblem, type FieldRange, parseField } from "./cron-field.ts";
import { daysInMonth, instantsOf, naive, wallTime } from "./zone.ts";

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly days: DayRule;
  readonly years: ReadonlySet<number>;
}

const minute: FieldRange = { name: "minutes", least: 0, most: 59, steps: true };
const hour: FieldRange = { name: "hours", least: 0, most: 23, steps: true };
const month: FieldRange = {
  name: "month",
  least: 1,
  most: 12,
  words: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  steps: true,
};
const LAST_YEAR = 2199;
const year: FieldRange = { name: "year", least: 1970, most: LAST_YEAR, steps: true };

/** The six fields, `minutes hours day-of-month month day-of-week year`; or what is wrong with them. */
export function parseCron(text: string): Cron | { readonly problem: string } {
  const fields = text.split(" ");
  const [minutes, hours, dayOfMonth, months, dayOfWeek, years] = fields;
  if (
    fields.length !== 6 ||
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    months === undefined ||
    dayOfWeek === undefined ||
    years === undefined
  ) {
    return { problem: `a cron expression has six fields with one space between them, not ${fields.length}` };
  }
  try {
    return {
      minutes: ascending(parseField(minutes, minute)),
      hours: ascending(parseField(hours, hour)),
      days: parseDays(dayOfMonth, dayOfWeek),
      months: parseField(months, month),
      years: parseField(years, year),
    };
  } catch (error) {
    if (error instanceof CronProblem) return { problem: error.message };
    throw error;
  }
}

/**
 * The first time strictly after `after` that the expression selects in `zone`; undefined when there is none
 * before the year 2200.
 *
 * Daylight saving time as AWS documents it: a time that the clock jumps over is skipped, a time that it shows
 * twice runs once, the first time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function nextCron(cron: Cron, after: number, zone: string): number | undefined {
  const now = wallTime(after, zone);
  const shown = naive(now);
  let { year, month, day } = now;
  while (year <= LAST_YEAR) {
    if (!cron.years.has(year)) {
      [year, month, day] = [year + 1, 1, 1];
    } else if (!cron.months.has(month) || day > daysInMonth(year, month)) {
      [year, month, day] = month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1];
    } else {
      const found = dayMatches(cron.days, year, month, day)
        ? firstOfDay(cron, { year, month, day }, zone, after, shown)
        : undefined;
      if (found !== undefined) return found;
      day++;
    }
  }
  return undefined;
}

function firstOfDay(
  cron: Cron,
  date: { year: number; month: number; day: number },
  zone: string,
  after: number,
  shown: number,
): number | undefined {
  for (const hour of cron.hours) {
    for (const minute of cron.minutes) {
      const wall = { ...date, hour, minute, second: 0 };
      // The first showing of a time not later than what the clock shows now is over: no need to look it up.
      if (naive(wall) <= shown) continue;
      const [first] = instantsOf(wall, zone);
      if (first !== undefined && first > after) return first;
    }
  }
  return undefined;
}

function ascending(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
