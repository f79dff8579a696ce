import { FUNCTIONS } from "@gonogo/functions/deployment";
import { describe, expect, it } from "vitest";
import { bill, type Piece, standingBill, times, total, type Used } from "../../bench/cost/bill.ts";
import { idleMonthUsed, releaseUsed } from "../../bench/cost/measure.ts";
import prices from "../../bench/cost/prices.json" with { type: "json" };
import { indexUnits, readUnits, sizeOf, writeUnits } from "../../bench/cost/units.ts";
import { standingOf } from "../../stacks/standing.ts";
import { Declared } from "../../stacks/targets.ts";

const nothing = Object.fromEntries(Object.keys(prices.perMillion).map((one) => [one, 0])) as Record<
  Piece,
  number
>;
const used = (pieces: Partial<Record<Piece, number>>, rest: Partial<Used> = {}): Used => ({
  pieces: { ...nothing, ...pieces },
  computeMs: 0,
  calls: 0,
  ...rest,
});

describe("what AWS would charge", () => {
  it("is each piece at its list price, the dearest first", () => {
    const lines = bill(used({ stepFunctionsTransitions: 4_000, eventBridgeEvents: 1_000 }));
    expect(lines.map(({ what, count }) => [what, count])).toEqual([
      ["state transitions", 4_000],
      ["events on the bus", 1_000],
    ]);
    expect(total(lines)).toBeCloseTo(0.1 + 0.001, 10);
  });

  it("counts what functions compute and what they wait for, by the gigabyte-second", () => {
    const [line] = bill(used({}, { computeMs: 1_000, calls: 1_000 }));
    expect(line).toMatchObject({ what: "seconds of functions", count: 13 });
    expect(line?.dollars).toBeCloseTo(13 * 0.5 * 0.0000133334, 10);
  });

  it("is nothing for nothing, and grows with what is used", () => {
    expect(bill(used({}))).toEqual([]);
    const some = used({ httpApiRequests: 3 }, { calls: 2 });
    expect(total(bill(times(some, 7)))).toBeCloseTo(7 * total(bill(some)), 12);
  });
});

describe("DynamoDB's units", () => {
  const item = { pk: { S: "R".repeat(10) }, body: { S: "x".repeat(1_100) } };
  it("are a kilobyte a write, twice in a transaction, and an entry of the index besides", () => {
    expect(sizeOf(item)).toBe(2 + 10 + 4 + 1_100);
    expect(writeUnits(item, { inTransaction: false })).toBe(2);
    expect(writeUnits(item, { inTransaction: true })).toBe(4);
    expect(writeUnits(undefined, { inTransaction: true })).toBe(2);
    expect(indexUnits(item, "gsi")).toBe(0);
    expect(indexUnits({ ...item, gsi: { S: "active" } }, "gsi")).toBe(2);
  });

  it.each([
    [0, true, 1],
    [4_096, true, 1],
    [4_097, true, 2],
    [4_097, false, 1],
  ])("read %i bytes (consistent: %s) for %d", (bytes, isConsistent, units) => {
    expect(readUnits(bytes, { isConsistent })).toBe(units);
  });
});

describe("what gonogo costs on AWS", () => {
  it("a release that runs for seven days: under a cent", async () => {
    const cost = bill(await releaseUsed("completed"));
    expect(cost.map(({ what }) => what)).toContain("state transitions");
    expect(total(cost)).toBeLessThan(0.01);
  }, 120_000);

  it("one that its alarm puts back: under a cent", async () => {
    expect(total(bill(await releaseUsed("rolled-back")))).toBeLessThan(0.01);
  }, 120_000);

  it("a month in which nothing is released: under a dollar, and each optional part what it is by itself", async () => {
    const idle = bill(await idleMonthUsed());
    expect(idle.find(({ what }) => what === "schedules fired")?.count).toBeGreaterThan(8_000);
    const month = (declared: object) =>
      total([...idle, ...standingBill(standingOf(Declared.parse({ alarms: false, ...declared })))]);
    const least = month({ auditKey: "secret" });
    expect(least).toBeLessThan(1);
    expect(month({}) - least).toBeCloseTo(prices.perMonth.kmsKey, 10);
    const watched = month({ auditKey: "secret", alarms: true }) - least;
    expect(watched / prices.perMonth.alarmMetric).toBeGreaterThanOrEqual(Object.keys(FUNCTIONS).length);
    expect(month({ alarms: true, tell: ["a@example.com"] })).toBeCloseTo(
      least + watched + 2 * prices.perMonth.kmsKey,
      10,
    );
  }, 120_000);
});
