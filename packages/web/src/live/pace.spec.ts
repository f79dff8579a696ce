import { expect, test } from "vitest";
import { waitAfter } from "./pace.ts";

const pace = { quickest: 1_000, slowest: 10_000 };
const seen = { isStreaming: false, isHidden: false };

test("what is quiet is asked less and less often, to a bound, and at once again when it moves", () => {
  const waits = [0, 1, 2, 5, 6, 50].map((quiet) => waitAfter(quiet, pace, seen));
  expect(waits).toEqual([1_000, 1_500, 2_250, 7_594, 10_000, 10_000]);
});

test("a stream and a hidden page need few questions", () => {
  expect(waitAfter(0, pace, { ...seen, isStreaming: true })).toBe(20_000);
  expect(waitAfter(0, pace, { isStreaming: true, isHidden: true })).toBe(30_000);
});
