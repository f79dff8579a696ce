import { CronProblem, type FieldRange, fail, parseField, parseNumber } from "./cron-field.ts";
import { daysInMonth } from "./zone.ts";

/** Which days a cron expression selects. Days of the week count from 1, Sunday. */
export type DayRule =
  | {
      readonly kind: "day of month";
      readonly days: ReadonlySet<number>;
      readonly last: boolean;
      /** `15W`: the weekday nearest to the 15th. */
      readonly nearest: readonly number[];
    }
  | { readonly kind: "day of week"; readonly days: ReadonlySet<number> }
  | { readonly kind: "last day of week"; readonly day: number }
  | { readonly kind: "nth day of week"; readonly day: number; readonly nth: number };

const ofMonth: FieldRange = { name: "day of month", least: 1, most: 31, steps: true };
const ofWeek: FieldRange = {
  name: "day of week",
  least: 1,
  most: 7,
  words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  steps: false,
};
const SATURDAY = 7;
const SUNDAY = 1;

/**
 * Days of the month and of the week cannot both be given: one of the two is `?`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function parseDays(month: string, week: string): DayRule {
  if (month === "?" && week === "?") throw new CronProblem('only one of the two day fields may be "?"');
  if (month !== "?" && week !== "?") throw new CronProblem('one of the two day fields must be "?"');
  return month === "?" ? parseDaysOfWeek(week) : parseDaysOfMonth(month);
}

function parseDaysOfMonth(text: string): DayRule {
  const plain: string[] = [];
  const nearest: number[] = [];
  let last = false;
  for (const part of text.split(",")) {
    if (part === "L") last = true;
    else if (/^\d+W$/.test(part)) nearest.push(parseNumber(part.slice(0, -1), ofMonth));
    else plain.push(part);
  }
  const days = plain.length === 0 ? new Set<number>() : parseField(plain.join(","), ofMonth);
  return { kind: "day of month", days, last, nearest };
}

function parseDaysOfWeek(text: string): DayRule {
  // `L` alone is the last day of the week, Saturday; after a day it is the last such day of the month.
  if (text === "L") return { kind: "day of week", days: new Set([SATURDAY]) };
  if (text.endsWith("L")) return { kind: "last day of week", day: parseNumber(text.slice(0, -1), ofWeek) };
  if (text.includes("#")) {
    const [day = "", nth = ""] = text.split("#");
    if (!/^[1-5]$/.test(nth)) fail(ofWeek, `"${text}": after "#" comes one number from 1 to 5`);
    return { kind: "nth day of week", day: parseNumber(day, ofWeek), nth: Number(nth) };
  }
  return { kind: "day of week", days: parseField(text, ofWeek) };
}

export function dayMatches(rule: DayRule, year: number, month: number, day: number): boolean {
  switch (rule.kind) {
    case "day of month":
      if (rule.days.has(day)) return true;
      if (rule.last && day === daysInMonth(year, month)) return true;
      return rule.nearest.some((wanted) => nearestWeekday(year, month, wanted) === day);
    case "day of week":
      return rule.days.has(dayOfWeek(year, month, day));
    case "last day of week":
      return dayOfWeek(year, month, day) === rule.day && day + 7 > daysInMonth(year, month);
    case "nth day of week":
      return dayOfWeek(year, month, day) === rule.day && Math.ceil(day / 7) === rule.nth;
    default:
      return rule satisfies never;
  }
}

/** The weekday nearest to `wanted` within the month; none in a month that has no such day. */
function nearestWeekday(year: number, month: number, wanted: number): number | undefined {
  const days = daysInMonth(year, month);
  if (wanted > days) return undefined;
  switch (dayOfWeek(year, month, wanted)) {
    case SATURDAY:
      return wanted === 1 ? 3 : wanted - 1;
    case SUNDAY:
      return wanted === days ? wanted - 2 : wanted + 1;
    default:
      return wanted;
  }
}

function dayOfWeek(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}
