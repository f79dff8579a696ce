import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hours } from "../kit/duration.ts";
import { fromMillis, type Instant, minus, plus, toMillis } from "../kit/instant.ts";
import { occurrences } from "./occurrences.ts";
import { parseDates, parseEvery } from "./pattern.ts";
import { CalendarRule, CalendarRules } from "./schema.ts";
import { type Asked, freezeAt, freezesDuring, nextWindow } from "./spans.ts";
import { EMPTY_CALENDAR } from "./state.ts";
import { wallOf } from "./zone.ts";

const at = (text: string) => text as Instant;
const asked: Asked = {
  environment: "Production",
  components: [
    { id: "api", name: "Orders API" },
    { id: "app", name: "Mobile app" },
  ],
};

function calendar(rules: object) {
  return { ...EMPTY_CALENDAR, rules: CalendarRules.parse({ calendar: 1, ...rules }) };
}

function falls(rule: object, from: string, to: string, zone = "UTC"): string[] {
  const found = occurrences(
    CalendarRule.parse({ name: "R", ...rule }),
    "freeze",
    zone,
    at(`${from}T00:00:00.000Z`),
    at(`${to}T00:00:00.000Z`),
  );
  return found.map((span) => `${span.from.slice(0, 16)}/${span.to.slice(0, 16)}`);
}

describe("a calendar's rules", () => {
  const cases: [string, object, string, string, string | undefined, string[]][] = [
    [
      "the first Tuesday, two hours",
      { every: "first Tuesday", from: "02:00", to: "04:00" },
      "2025-06-01",
      "2025-09-01",
      undefined,
      [
        "2025-06-03T02:00/2025-06-03T04:00",
        "2025-07-01T02:00/2025-07-01T04:00",
        "2025-08-05T02:00/2025-08-05T04:00",
      ],
    ],
    [
      "three days each year",
      { dates: "12-24..12-26" },
      "2025-01-01",
      "2027-01-01",
      undefined,
      ["2025-12-24T00:00/2025-12-27T00:00", "2026-12-24T00:00/2026-12-27T00:00"],
    ],
    [
      "over New Year, asked for in January",
      { dates: "12-31..01-02" },
      "2026-01-01",
      "2026-02-01",
      undefined,
      ["2025-12-31T00:00/2026-01-03T00:00"],
    ],
    [
      "from Friday noon over midnight",
      { every: "Friday", from: "12:00", to: "06:00" },
      "2025-06-02",
      "2025-06-09",
      undefined,
      ["2025-06-06T12:00/2025-06-07T06:00"],
    ],
    [
      "the 29th of February only where there is one",
      { dates: "02-29" },
      "2023-01-01",
      "2029-01-01",
      undefined,
      ["2024-02-29T00:00/2024-03-01T00:00", "2028-02-29T00:00/2028-03-01T00:00"],
    ],
    [
      "up to the 29th of February, or the last day that there is",
      { dates: "02-27..02-29" },
      "2023-01-01",
      "2025-01-01",
      undefined,
      ["2023-02-27T00:00/2023-03-01T00:00", "2024-02-27T00:00/2024-03-01T00:00"],
    ],
    [
      "the last day of a quarter",
      { every: "last day of March, June, September and December" },
      "2025-01-01",
      "2025-07-05",
      undefined,
      ["2025-03-31T00:00/2025-04-01T00:00", "2025-06-30T00:00/2025-07-01T00:00"],
    ],
    [
      "a night that an hour is missing from",
      { every: "Sunday", from: "01:30", to: "03:30" },
      "2025-03-29",
      "2025-03-31",
      "Europe/Berlin",
      ["2025-03-30T00:30/2025-03-30T01:30"],
    ],
    [
      "a time that the clocks went over",
      { every: "Sunday", from: "02:15", to: "02:45" },
      "2025-03-29",
      "2025-03-31",
      "Europe/Berlin",
      [],
    ],
    [
      "a start that the clocks went over",
      { every: "Sunday", from: "02:15", to: "04:00" },
      "2025-03-29",
      "2025-03-31",
      "Europe/Berlin",
      ["2025-03-30T01:00/2025-03-30T02:00"],
    ],
    [
      "a night with an hour twice: from the first to the last",
      { every: "Sunday", from: "02:15", to: "02:45" },
      "2025-10-25",
      "2025-10-27",
      "Europe/Berlin",
      ["2025-10-26T00:15/2025-10-26T01:45"],
    ],
    [
      "a day that a whole zone left out",
      { dates: "2011-12-30" },
      "2011-12-28",
      "2012-01-02",
      "Pacific/Apia",
      [],
    ],
    [
      "once",
      { dates: "2025-12-24..2026-01-02" },
      "2026-01-02",
      "2027-01-01",
      undefined,
      ["2025-12-24T00:00/2026-01-03T00:00"],
    ],
  ];
  for (const [name, rule, from, to, zone, expected] of cases) {
    it(`falls on ${name}`, () => expect(falls(rule, from, to, zone)).toEqual(expected));
  }

  for (const text of [
    "",
    "sixth Monday",
    "32nd",
    "Mo",
    "first",
    "first Monday and Tuesday",
    "day of Smarch",
  ]) {
    it(`does not read every: ${JSON.stringify(text)}`, () => expect(parseEvery(text)).toBeUndefined());
  }
  for (const text of [
    "12-24 to 12-26",
    "13-01",
    "02-30",
    "2025-02-29",
    "2025-12-24..2025-12-23",
    "12-24..",
  ]) {
    it(`does not read dates: ${JSON.stringify(text)}`, () => expect(parseDates(text)).toBeUndefined());
  }
  it("says either every or dates", () => {
    expect(CalendarRule.safeParse({ name: "R" }).success).toBe(false);
    expect(CalendarRule.safeParse({ name: "R", every: "day", dates: "12-24" }).success).toBe(false);
    expect(CalendarRule.safeParse({ name: "R", every: "day", zone: "Mars/Olympus" }).success).toBe(false);
  });
});

/**
 * The same, by the wall's clock alone: each minute is looked at, and a rule's stretch goes from the first
 * minute that shows its beginning or later to the last that shows something before its end.
 */
function minuteByMinute(rule: CalendarRule, zone: string, from: number, to: number): Set<number> {
  const walls: { moment: number; wall: number }[] = [];
  for (let moment = from - 5 * DAY; moment < to + 5 * DAY; moment += 60_000) {
    walls.push({ moment, wall: wallOf(zone, moment) });
  }
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const [begins, ends] = [minutes(rule.from), minutes(rule.to)];
  const frozen = new Set<number>();
  const firstDay = Math.floor((walls[0]?.wall ?? 0) / DAY) + 1;
  const lastDay = Math.floor((walls.at(-1)?.wall ?? 0) / DAY) - 1;
  for (let day = firstDay; day < lastDay; day++) {
    if (!isNamed(rule.every ?? "", day)) continue;
    const start = day * DAY + begins * 60_000;
    const end = (ends <= begins ? day + 1 : day) * DAY + ends * 60_000;
    const first = walls.findIndex(({ wall }) => wall >= start);
    const last = walls.findLastIndex(({ wall }) => wall < end);
    for (const { moment } of walls.slice(first, last + 1))
      if (moment >= from && moment < to) frozen.add(moment);
  }
  return frozen;
}

const DAY = 86_400_000;
const NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** By Date's own calendar. */
function isNamed(every: string, day: number): boolean {
  const date = new Date(day * DAY);
  const isLast = new Date((day + 1) * DAY).getUTCDate() === 1;
  const name = NAMES[date.getUTCDay()] ?? "";
  if (every === "day") return true;
  if (every === "last day") return isLast;
  if (/^\d/.test(every)) return date.getUTCDate() === Number.parseInt(every, 10);
  const [nth, weekday] = every.split(" ");
  if (weekday === undefined) return name === every;
  if (name !== weekday) return false;
  if (nth === "last") return new Date((day + 7) * DAY).getUTCMonth() !== date.getUTCMonth();
  const earlier = [7, 14, 21, 28].filter(
    (back) => new Date((day - back) * DAY).getUTCMonth() === date.getUTCMonth(),
  ).length;
  return earlier === ["first", "second", "third", "fourth", "fifth"].indexOf(nth ?? "");
}

describe("a calendar's rules, minute by minute", () => {
  const zone = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
  );
  const every = fc.constantFrom(
    "day",
    "Sunday",
    "Saturday",
    "first Sunday",
    "last Sunday",
    "second Sunday",
    "fifth Sunday",
    "29th",
    "last day",
  );
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
    .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
  /** Days around which clocks change, leap days, the day that Samoa left out, and the turn of a year. */
  const around = fc.constantFrom(
    "2025-03-30",
    "2025-10-26",
    "2025-03-09",
    "2025-11-02",
    "2025-04-06",
    "2025-10-05",
    "2024-02-29",
    "2023-02-28",
    "2011-12-30",
    "2025-12-31",
    "2018-11-04",
  );

  it("are what a clock on the wall says", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(zone, every, time, time, around, (where, days, from, to, day) => {
        const rule = CalendarRule.parse({ name: "R", every: days, from, to });
        const start = Date.parse(`${day}T00:00:00Z`) - DAY;
        const end = start + 3 * DAY;
        const spans = occurrences(rule, "freeze", where, fromMillis(start), fromMillis(end));
        const reference = minuteByMinute(rule, where, start, end);
        for (let moment = start; moment < end; moment += 60_000) {
          const now = fromMillis(moment);
          const isIn = spans.some((span) => span.from <= now && now < span.to);
          if (isIn !== reference.has(moment)) {
            throw new Error(`${where} ${days} ${from}-${to}: at ${now} it is ${isIn ? "in" : "out"}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("give the same whatever is asked for around it", () => {
    const dates = fc.constantFrom("12-24..12-26", "12-31..01-02", "02-29", "02-28..03-01", "02-29..03-02");
    fc.assert(
      fc.property(zone, dates, fc.integer({ min: 0, max: 4 * 366 }), (where, range, day) => {
        const rule = CalendarRule.parse({ name: "R", dates: range });
        const now = fromMillis(Date.parse("2023-01-01T00:00:00Z") + day * DAY);
        const near = occurrences(rule, "freeze", where, now, plus(now, hours(1)));
        const far = occurrences(
          rule,
          "freeze",
          where,
          minus(now, hours(24 * 400)),
          plus(now, hours(24 * 400)),
        );
        const touching = far.filter((span) => span.from < plus(now, hours(1)) && span.to > now);
        expect(near).toEqual(touching);
        for (const span of far) {
          expect(toMillis(span.to)).toBeGreaterThan(toMillis(span.from));
          expect(toMillis(span.to) - toMillis(span.from)).toBeLessThanOrEqual(5 * DAY);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("what holds for a release", () => {
  const rules = calendar({
    zone: "Europe/Berlin",
    freezes: [
      { name: "Staging nights", every: "day", from: "22:00", to: "06:00", environments: ["Staging"] },
      { name: "Orders fair", dates: "2025-06-04", components: ["orders api"], environments: ["production"] },
      { name: "Christmas", dates: "12-24..12-26" },
    ],
    windows: [{ name: "Monthly", every: "first Tuesday", from: "02:00", to: "04:00", zone: "UTC" }],
  });

  it("is scoped by environment and component", () => {
    const [from, to] = [at("2025-06-03T00:00:00.000Z"), at("2025-06-05T00:00:00.000Z")];
    expect(freezesDuring(rules, asked, from, to)).toMatchObject([
      { name: "Orders fair", components: ["api"] },
    ]);
    const staging = freezesDuring(rules, { ...asked, environment: "staging" }, from, to);
    expect(staging.map(({ name }) => name)).toEqual(Array(3).fill("Staging nights"));
    const other = { environment: "Production", components: [{ id: "web", name: "Web" }] };
    expect(freezesDuring(rules, other, from, to)).toEqual([]);
  });

  it("says which freeze holds now, and when the next window is", () => {
    expect(freezeAt(rules, asked, at("2025-12-23T22:59:59.000Z"))).toBeUndefined();
    expect(freezeAt(rules, asked, at("2025-12-23T23:00:00.000Z"))).toMatchObject({ name: "Christmas" });
    expect(freezeAt(rules, asked, at("2025-12-26T23:00:00.000Z"))).toBeUndefined();
    expect(nextWindow(rules, asked, at("2025-06-03T03:00:00.000Z"))?.from).toBe("2025-06-03T02:00:00.000Z");
    expect(nextWindow(rules, asked, at("2025-06-03T04:00:00.000Z"))?.from).toBe("2025-07-01T02:00:00.000Z");
    expect(nextWindow(calendar({}), asked, at("2025-06-03T04:00:00.000Z"))).toBeUndefined();
  });
});
