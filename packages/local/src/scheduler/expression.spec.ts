import { describe, expect, it } from "vitest";
import { type Expression, nextTime, parseExpression } from "./expression.ts";

function parsed(text: string): Expression {
  const expression = parseExpression(text);
  if (expression.kind === "invalid") throw new Error(`${text}: ${expression.problem}`);
  return expression;
}

/** The next `count` firings after `after`. */
function firings(text: string, after: string, zone = "UTC", count = 3, anchor = Date.parse(after)): string[] {
  const found: string[] = [];
  let at: number | undefined = Date.parse(after);
  while (found.length < count) {
    at = nextTime(parsed(text), at, { zone, anchor });
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe("which expressions are accepted", () => {
  // Recorded on AWS: localstack/localstack@8b9a79f05, tests/aws/services/{scheduler,events}.
  it.each([
    "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
    "cron(30-30 13-13 ? * 2,4,6 *)",
    "cron(1-31/30 1-1 ? * 1,7 *)",
    "cron(0 18 ? * MON-FRI *)",
    "cron(*/15 * * * ? *)",
    "cron(0-59/10 0-23/2 ? * * *)",
    "cron(15 10 ? * 6L 2002-2005)",
    "cron(* * ? * SAT#3 *)",
    "cron(0/5 5 ? JAN 1-5 2022)",
    "at(2022-12-31T23:59:59)",
    "rate(10 minutes)",
  ])("%s", (text) => {
    expect(parseExpression(text).kind).not.toBe("invalid");
  });
});

describe("which expressions are refused", () => {
  it.each([
    // Recorded on AWS.
    ["cron(0 1 * * * *)", 'one of the two day fields must be "?"'],
    ["cron(7 20 * * NOT *)", 'one of the two day fields must be "?"'],
    ["cron(INVALID)", "six fields"],
    ["cron(0 dummy ? * MON-FRI *)", 'hours: "dummy" is not between 0 and 23'],
    ["cron(71 8 1 * ? *)", 'minutes: "71" is not between 0 and 59'],
    ["cron()", "six fields"],
    ["rate(10 seconds)", "minutes, hours or days"],
    ["rate(10 years)", "minutes, hours or days"],
    ["rate()", "minutes, hours or days"],
    ["rate(10)", "minutes, hours or days"],
    ["rate(10 minutess)", "minutes, hours or days"],
    ["rate(foo minutes)", "minutes, hours or days"],
    ["rate(-10 minutes)", "minutes, hours or days"],
    ["rate( 10 minutes )", "minutes, hours or days"],
    [" rate(10 minutes)", "allowed are"],
    ["at(2021-12-31T23:59:59Z)", "yyyy-mm-ddThh:mm:ss"],
    ["at(2021-12-31)", "yyyy-mm-ddThh:mm:ss"],
    // Ours, from the tables of the guide.
    ["cron(0 0 ? * ? *)", "only one of the two day fields"],
    ["cron(0 0 ? * MON/2 *)", 'day of week: "/" is not allowed'],
    ["cron(0 0 ? * 3#1,6#3 *)", '"#"'],
    ["cron(0 0 ? * FRI-MON *)", "runs backwards"],
    ["cron(0 0 32 * ? *)", "day of month"],
    ["cron(0 0 1 13 ? *)", "month"],
    ["cron(0 0 1 1 ? 2200)", "year"],
    ["cron(*/0 * * * ? *)", "step"],
    ["rate(0 minutes)", "positive"],
    ["at(2026-02-29T00:00:00)", "yyyy-mm-ddThh:mm:ss"],
  ])("%s", (text, reason) => {
    const expression = parseExpression(text);
    expect(expression.kind === "invalid" ? expression.problem : "accepted").toContain(reason);
  });
});

describe("when an expression fires next", () => {
  it.each([
    ["cron(15 12 * * ? *)", "2026-11-02T12:00", ["2026-11-02T12:15", "2026-11-03T12:15", "2026-11-04T12:15"]],
    [
      "cron(0 18 ? * MON-FRI *)",
      "2026-11-05T18:00",
      ["2026-11-06T18:00", "2026-11-09T18:00", "2026-11-10T18:00"],
    ],
    ["cron(0 8 1 * ? *)", "2026-11-01T08:00", ["2026-12-01T08:00", "2027-01-01T08:00", "2027-02-01T08:00"]],
    [
      "cron(5,35 14 * * ? *)",
      "2026-11-02T14:05",
      ["2026-11-02T14:35", "2026-11-03T14:05", "2026-11-03T14:35"],
    ],
    ["cron(0 0 L * ? *)", "2026-01-31T00:00", ["2026-02-28T00:00", "2026-03-31T00:00", "2026-04-30T00:00"]],
    ["cron(0 0 1W * ? *)", "2026-07-31T00:00", ["2026-08-03T00:00", "2026-09-01T00:00", "2026-10-01T00:00"]],
    ["cron(0 0 31W * ? *)", "2026-01-01T00:00", ["2026-01-30T00:00", "2026-03-31T00:00", "2026-05-29T00:00"]],
    [
      "cron(0 2 ? * SAT#3 *)",
      "2026-11-01T00:00",
      ["2026-11-21T02:00", "2026-12-19T02:00", "2027-01-16T02:00"],
    ],
    [
      "cron(0 2 ? * FRIL *)",
      "2026-11-01T00:00",
      ["2026-11-27T02:00", "2026-12-25T02:00", "2027-01-29T02:00"],
    ],
    ["cron(0 0 ? * L *)", "2026-11-02T00:00", ["2026-11-07T00:00", "2026-11-14T00:00", "2026-11-21T00:00"]],
    [
      "cron(0 0 29 FEB ? *)",
      "2026-01-01T00:00",
      ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"],
    ],
    ["cron(0 0 1 1 ? 2027,2199)", "2026-01-01T00:00", ["2027-01-01T00:00", "2199-01-01T00:00"]],
    ["cron(15 10 ? * 6L 2002-2005)", "2026-01-01T00:00", []],
    ["rate(90 minutes)", "2026-11-02T12:00", ["2026-11-02T13:30", "2026-11-02T15:00", "2026-11-02T16:30"]],
    ["at(2026-11-02T12:30:00)", "2026-11-02T12:00", ["2026-11-02T12:30"]],
    ["at(2026-11-02T11:30:00)", "2026-11-02T12:00", []],
  ])("%s after %s", (text, after, expected) => {
    expect(firings(text, `${after}:00Z`)).toEqual(expected);
  });

  it("skips a time that the clock jumps over", () => {
    expect(firings("cron(30 2 * * ? *)", "2026-03-07T00:00:00Z", "America/New_York")).toEqual([
      "2026-03-07T07:30",
      "2026-03-09T06:30",
      "2026-03-10T06:30",
    ]);
  });

  it("runs a time that the clock shows twice once, the first time", () => {
    expect(firings("cron(30 1 * * ? *)", "2026-10-31T12:00:00Z", "America/New_York")).toEqual([
      "2026-11-01T05:30",
      "2026-11-02T06:30",
      "2026-11-03T06:30",
    ]);
    // Asked between the two showings.
    expect(firings("cron(30 1 * * ? *)", "2026-11-01T06:00:00Z", "America/New_York", 1)).toEqual([
      "2026-11-02T06:30",
    ]);
  });

  it("counts a day of a rate as 24 hours over a change of clocks", () => {
    expect(firings("rate(1 day)", "2026-03-07T12:00:00Z", "America/New_York", 2)).toEqual([
      "2026-03-08T12:00",
      "2026-03-09T12:00",
    ]);
  });

  it("begins a rate at its anchor and keeps to its grid", () => {
    const anchor = Date.parse("2026-11-02T12:07:00Z");
    expect(firings("rate(1 hour)", "2026-11-02T09:00:00Z", "UTC", 1, anchor)).toEqual(["2026-11-02T12:07"]);
    expect(firings("rate(1 hour)", "2026-11-02T14:30:00Z", "UTC", 1, anchor)).toEqual(["2026-11-02T15:07"]);
  });
});
