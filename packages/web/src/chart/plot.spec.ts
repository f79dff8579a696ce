import { expect, test } from "vitest";
import { aligned, type Series, wholeSteps } from "./plot.tsx";

const line = (name: string, ...points: [number, number][]): Series => ({
  name,
  colour: "busy",
  points: points.map(([at, value]) => ({ at, value })),
});

test("lines share their moments; a gap is no missing moment", () => {
  expect(aligned([line("a", [1, 5], [3, Number.NaN]), line("b", [2, 7])])).toEqual([
    [1, 2, 3],
    [5, undefined, null],
    [undefined, 7, undefined],
  ]);
});

test("nothing is nothing", () => {
  expect(aligned([])).toEqual([[]]);
});

test("times on the axis are whole steps from T", () => {
  expect(wholeSteps(93, 131, 10, 105)).toEqual([95, 105, 115, 125]);
  expect(wholeSteps(96, 99, 10, 105)).toEqual([]);
});
