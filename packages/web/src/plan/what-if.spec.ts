import type { Preview } from "@gonogo/client";
import { parseOffset } from "@gonogo/core/kit/offset";
import { expect, test } from "vitest";
import { firstGuess, minutesOf, offsetText } from "./what-if.ts";

const T = "2025-06-04T02:00:00.000Z";
const row = (kind: string, at: string, ends: string) =>
  ({ kind, at: `2025-06-04T${at}:00.000Z`, ends: `2025-06-04T${ends}:00.000Z` }) as Preview["rows"][number];

test("the slider runs over the plan", () => {
  const rows = [
    row("manual", "01:30", "01:30"),
    row("phase", "02:00", "02:15"),
    row("bake", "02:15", "03:00"),
  ];
  expect(minutesOf(rows, T)).toEqual({ from: -30, to: 60 });
  expect(firstGuess(rows, T)).toBe(8);
  expect(minutesOf([], T)).toEqual({ from: 0, to: 60 });
});

test("a minute is written as plans write it", () => {
  expect([-30, 0, 17].map(offsetText)).toEqual(["T-30m", "T+0m", "T+17m"]);
  for (const minute of [-30, 0, 17]) expect(parseOffset(offsetText(minute)).ok).toBe(true);
});
