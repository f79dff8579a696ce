import { describe, expect, test } from "vitest";
import { domainOf, limitIn } from "./scale.ts";

describe("domainOf", () => {
  test("takes in the threshold, and zero where the values are near it", () => {
    const domain = domainOf([{ at: 0, value: 0.4 }], 1);
    expect(domain.low).toBe(0);
    expect(domain.high).toBeGreaterThan(1);
  });

  test("does not press a line of 99.8 % against the top of a chart from zero", () => {
    const { low } = domainOf([{ at: 0, value: 99.8 }], 99.5);
    expect(low).toBeGreaterThan(99);
  });

  test("stands with nothing to show", () => {
    expect(domainOf([])).toEqual({ low: 0, high: 1 });
  });
});

test.each([
  ["< 1 %", 1],
  ["<= 2.5 s", 2.5],
  ["≥ 99.5 %", 99.5],
  [">= 4.5 stars (1 day)", 4.5],
  ["works", undefined],
])("the line of %s is drawn at %s", (comparison, limit) => {
  expect(limitIn(comparison)).toBe(limit);
});
