import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../kernel/random.ts";
import {
  type Aggregate,
  addAggregate,
  addStatistics,
  addValue,
  emptyAggregate,
  fromStored,
  percentile,
  toStored,
} from "./aggregate.ts";

function aggregateOf(values: readonly number[]): Aggregate {
  const aggregate = emptyAggregate();
  for (const value of values) addValue(aggregate, value, 1);
  return aggregate;
}

function exactPercentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

describe("a percentile", () => {
  it("is exact for up to a hundred different values", () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1);
    const aggregate = aggregateOf([...values, ...values]);
    expect([50, 90, 99, 100].map((percent) => percentile(aggregate, percent))).toEqual([50, 90, 99, 100]);
  });

  it("is off by less than one per cent for any number of them, after merging and storing too", () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 20_000 }, () => Math.exp(random.number() * 12 - 3));
    const merged = emptyAggregate();
    for (let at = 0; at < values.length; at += 500) {
      addAggregate(
        merged,
        fromStored(JSON.parse(JSON.stringify(toStored(aggregateOf(values.slice(at, at + 500)))))),
      );
    }
    expect(merged.values.size).toBeLessThan(2_000);
    for (const percent of [1, 10, 50, 90, 95, 99, 99.9]) {
      const exact = exactPercentile(values, percent);
      expect(Math.abs((percentile(merged, percent) ?? 0) / exact - 1)).toBeLessThan(0.01);
    }
  });

  it("holds its error for every set of numbers, negative ones and zero among them", () => {
    const value = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.constant(0));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 100 }),
        (all, p) => {
          const exact = exactPercentile(all, p);
          const told = percentile(aggregateOf(all), p) ?? Number.NaN;
          return Math.abs(told - exact) <= Math.abs(exact) * 0.01;
        },
      ),
    );
  });

  it("cannot be told of a statistic set, unless all its values are the same", () => {
    const unknown = emptyAggregate();
    addStatistics(unknown, { count: 3, sum: 6, minimum: 1, maximum: 3 });
    expect(percentile(unknown, 50)).toBeUndefined();
    const known = emptyAggregate();
    addStatistics(known, { count: 3, sum: 6, minimum: 2, maximum: 2 });
    expect(percentile(known, 50)).toBe(2);
  });
});
