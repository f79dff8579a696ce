import { describe, expect, test } from "vitest";
import { domainOf, height, pathOf } from "./scale.ts";

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

describe("pathOf", () => {
  const time = { from: 0, to: 10 };
  const domain = { low: 0, high: 100 };

  test("a line", () => {
    const points = [
      { at: 0, value: 0 },
      { at: 10, value: 100 },
    ];
    expect(pathOf(points, time, domain)).toBe("M0 100L100 0");
  });

  test("steps hold until the next, and to the end", () => {
    const points = [
      { at: 0, value: 0 },
      { at: 5, value: 10 },
    ];
    expect(pathOf(points, time, domain, true)).toBe("M0 100H50V90H100");
  });

  test("a gap stays a gap", () => {
    const points = [
      { at: 0, value: 1 },
      { at: 5, value: Number.NaN },
      { at: 10, value: 1 },
    ];
    expect(pathOf(points, time, domain)).toBe("M0 99M100 99");
  });
});

test("height is counted from the top", () => {
  expect(height(25, { low: 0, high: 100 })).toBe(75);
});
