import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cron, nextCron, parseCron } from "./cron.ts";
import { dayMatches } from "./cron-days.ts";
import { instantsOf, wallTime } from "./zone.ts";

const MINUTE = 60_000;
const number = (least: number, most: number) => fc.integer({ min: least, max: most });

function field(least: number, most: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constant("*"),
    number(least, most).map(String),
    fc.tuple(number(least, most), number(1, Math.min(most, 20))).map(([from, step]) => `${from}/${step}`),
    fc.tuple(number(least, most), number(least, most)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.array(number(least, most), { minLength: 1, maxLength: 4 }).map((list) => list.join(",")),
  );
}

const days = fc.oneof(
  fc.oneof(field(1, 28), fc.constantFrom("L", "1W", "15W", "31W", "5,L")).map((day) => [day, "?"] as const),
  fc
    .constantFrom("*", "MON-FRI", "1", "SUN,SAT", "L", "6L", "MON#1", "FRI#5", "2-4")
    .map((day) => ["?", day] as const),
);

const cron = fc
  .tuple(field(0, 59), field(0, 23), days, field(1, 12))
  .map(([minute, hour, [ofMonth, ofWeek], month]) => `${minute} ${hour} ${ofMonth} ${month} ${ofWeek} *`);

const zone = fc.constantFrom(
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
);
/** Within the years around two changes of clocks, to the millisecond. */
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }),
  fc.integer({ min: Date.UTC(2026, 9, 31, 20), max: Date.UTC(2026, 10, 1, 12) }),
  fc.integer({ min: Date.UTC(2026, 2, 7, 20), max: Date.UTC(2026, 2, 8, 12) }),
);

function parse(text: string): Cron {
  const parsed = parseCron(text);
  if ("problem" in parsed) throw new Error(`${text}: ${parsed.problem}`);
  return parsed;
}

/** The definition, told another way: what the clock shows satisfies the fields, for the first time. */
function fires(cron: Cron, at: number, zone: string): boolean {
  if (at % MINUTE !== 0) return false;
  const shown = wallTime(at, zone);
  return (
    cron.minutes.includes(shown.minute) &&
    cron.hours.includes(shown.hour) &&
    cron.months.has(shown.month) &&
    dayMatches(cron.days, shown.year, shown.month, shown.day) &&
    instantsOf(shown, zone)[0] === at
  );
}

describe("the next time of a cron expression", () => {
  it("is strictly later and satisfies the fields", () => {
    fc.assert(
      fc.property(cron, zone, instant, (text, zone, after) => {
        const parsed = parse(text);
        const next = nextCron(parsed, after, zone);
        // Every expression made here comes round; FRI#5 and 31W can be some months away.
        if (next === undefined) return;
        expect(next).toBeGreaterThan(after);
        expect(fires(parsed, next, zone)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("skips nothing: no minute between fires", () => {
    fc.assert(
      fc.property(cron, zone, instant, (text, zone, after) => {
        const parsed = parse(text);
        const next = nextCron(parsed, after, zone) ?? Number.POSITIVE_INFINITY;
        // The hours after the start, and those before the find.
        const windows = [
          [after, Math.min(next, after + 6 * 60 * MINUTE)],
          ...(Number.isFinite(next) ? [[Math.max(after, next - 6 * 60 * MINUTE), next]] : []),
        ] as [number, number][];
        for (const [from, to] of windows) {
          for (let at = Math.floor(from / MINUTE) * MINUTE + MINUTE; at < to; at += MINUTE) {
            if (fires(parsed, at, zone)) throw new Error(`${new Date(at).toISOString()} was skipped`);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
