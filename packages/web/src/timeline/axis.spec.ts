import { describe, expect, test } from "vitest";
import { makeAxis, ticksOf } from "./axis.ts";

describe("an axis", () => {
  test("to scale is linear", () => {
    const axis = makeAxis([0, 10, 100], "true");
    expect([0, 10, 50, 100].map(axis.place)).toEqual([0, 10, 50, 100]);
  });

  test("folded keeps the order and widens what is short", () => {
    const axis = makeAxis([0, 1, 10_001], "folded");
    expect(axis.place(1)).toBeGreaterThan(0.9);
    expect(axis.place(1)).toBeCloseTo((1 / 101) * 100);
    const places = Array.from({ length: 50 }, (_, n) => axis.place(n * 200));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test("holds what lies outside at its ends, and stands when all is one moment", () => {
    const axis = makeAxis([5, 10], "folded");
    expect([axis.place(0), axis.place(99)]).toEqual([0, 100]);
    expect(makeAxis([7], "folded").place(7)).toBe(0);
    expect(makeAxis([], "true").place(7)).toBe(0);
  });

  test("labels never touch, and T always has one", () => {
    const axis = makeAxis([0, 49, 50, 51, 100], "true");
    const ticks = ticksOf(axis, [0, 49, 50, 51, 100], 50, 10);
    expect(ticks.map(({ at }) => at)).toEqual([0, 50, 100]);
  });
});
