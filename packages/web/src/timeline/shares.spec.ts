import { expect, test } from "vitest";
import { makeAxis } from "./axis.ts";
import { shareArea } from "./shares.ts";

const axis = makeAxis([0, 100], "true");

test("a share holds until it is shifted, and ends where the present is", () => {
  const points = [
    { at: 0, value: 0 },
    { at: 20, value: 10 },
    { at: 60, value: 100 },
  ];
  expect(shareArea(points, axis, 80)).toBe("M0 100H0V100H20V90H60V0H80V100Z");
});

test("nothing shifted is nothing drawn", () => {
  expect(shareArea([], axis, 80)).toBe("");
});
