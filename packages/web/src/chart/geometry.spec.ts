import { describe, expect, test } from "vitest";
import { linePath, momentsIn, nearest, roundSteps, wholeSteps } from "./geometry.ts";

const MINUTE = 60_000;
const points = (...all: [number, number][]) => all.map(([at, value]) => ({ at, value }));

describe("a line", () => {
  const path = (all: [number, number][], steps = false) =>
    linePath(
      points(...all),
      (at) => at * 10,
      (value) => 100 - value,
      steps,
    );

  test.each([
    [
      "goes from point to point",
      [
        [1, 5],
        [2, 7],
      ],
      false,
      "M10 95h0L20 93",
    ],
    [
      "holds each value until the next",
      [
        [1, 5],
        [2, 7],
      ],
      true,
      "M10 95h0H20V93",
    ],
    [
      "is broken where a value is missing",
      [
        [1, 5],
        [2, Number.NaN],
        [3, 7],
      ],
      false,
      "M10 95h0M30 93h0",
    ],
    ["is a dot where there is one point", [[1, 5]], false, "M10 95h0"],
    ["is nothing of nothing", [], false, ""],
  ] as [string, [number, number][], boolean, string][])("%s", (_, all, steps, expected) => {
    expect(path(all, steps)).toBe(expected);
  });
});

test("lines share their moments, in order", () => {
  expect(momentsIn([points([3, 1], [1, 5]), points([2, 7], [3, 0])])).toEqual([1, 2, 3]);
  expect(momentsIn([])).toEqual([]);
});

test("under the pointer is the moment nearest to it", () => {
  expect(nearest([10, 20, 40], 29)).toBe(20);
  expect(nearest([10, 20, 40], 31)).toBe(40);
  expect(nearest([], 1)).toBeUndefined();
});

test("times on the axis are whole steps from T, no more than there is room for", () => {
  const t = 105 * MINUTE;
  expect(wholeSteps(93 * MINUTE, 131 * MINUTE, 4, t).map((at) => at / MINUTE)).toEqual([95, 105, 115, 125]);
  expect(wholeSteps(96 * MINUTE, 99 * MINUTE, 1, t)).toEqual([]);
  for (const most of [1, 2.5, 7]) {
    expect(wholeSteps(0, 3e11, most, 1).length).toBeLessThanOrEqual(most + 1);
  }
});

test.each([
  [0, 1.15, 3, [0, 0.5, 1]],
  [0, 100, 3, [0, 50, 100]],
  [99.1, 99.9, 3, [99.5]],
  [-0.2, 0.9, 4, [0, 0.5]],
  [5, 5, 3, [5]],
])("values on the axis from %s to %s are round", (low, high, most, expected) => {
  expect(roundSteps(low, high, most)).toEqual(expected);
});
