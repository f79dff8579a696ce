import { type Cron, nextCron, parseCron } from "./cron.ts";
import { daysInMonth, instantOf, type WallTime } from "./zone.ts";

/** A schedule expression of EventBridge Scheduler; EventBridge rules take the second and third kind. */
export type Expression =
  | { readonly kind: "at"; readonly wall: WallTime }
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly cron: Cron };

export type ParsedExpression = Expression | { readonly kind: "invalid"; readonly problem: string };

const MINUTE = 60_000;
const unitMs: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };

export function parseExpression(text: string): ParsedExpression {
  const [, kind, inside = ""] = /^(at|rate|cron)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case "at":
      return parseAt(inside);
    case "rate":
      return parseRate(inside);
    case "cron": {
      const cron = parseCron(inside);
      return "problem" in cron ? { kind: "invalid", problem: cron.problem } : { kind: "cron", cron };
    }
    default:
      return invalid("allowed are at(yyyy-mm-ddThh:mm:ss), rate(value unit) and cron(six fields)");
  }
}

/** Where and when an expression is read. */
export interface Frame {
  readonly zone: string;
  /** The first firing of a rate; it repeats from there. */
  readonly anchor: number;
}

/** The first firing strictly after `after`, or undefined when there is none. */
export function nextTime(expression: Expression, after: number, frame: Frame): number | undefined {
  switch (expression.kind) {
    case "at": {
      const when = instantOf(expression.wall, frame.zone);
      return when > after ? when : undefined;
    }
    case "rate": {
      // A day of a rate is 24 hours, whatever the clocks do (schedule-types.html#daylist-savings-time).
      const passed = Math.floor((after - frame.anchor) / expression.everyMs) + 1;
      return frame.anchor + Math.max(passed, 0) * expression.everyMs;
    }
    case "cron":
      return nextCron(expression.cron, after, frame.zone);
    default:
      return expression satisfies never;
  }
}

function parseRate(inside: string): ParsedExpression {
  const [, value, unit] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
  const everyMs = Number(value) * (unitMs[unit ?? ""] ?? 0);
  if (!(everyMs > 0)) return invalid("a rate is a positive number, one space, and minutes, hours or days");
  return { kind: "rate", everyMs };
}

function parseAt(inside: string): ParsedExpression {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(inside);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found?.slice(1).map(Number) ?? [];
  const real =
    found !== null &&
    year >= 1970 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  if (!real) return invalid("at() takes a date and a time, yyyy-mm-ddThh:mm:ss, without a zone");
  return { kind: "at", wall: { year, month, day, hour, minute, second } };
}

function invalid(problem: string): ParsedExpression {
  return { kind: "invalid", problem };
}
