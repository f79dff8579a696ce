import type { Instant } from "@gonogo/core/kit/instant";
import { STATUSES, STEP_STATUSES } from "@gonogo/core/release/state";
import { expect, test } from "vitest";
import { cutShortAt, isOver, statusWords, stepWords, stepWordsIn } from "./status.ts";

test("every status has its words, all different", () => {
  const words = STATUSES.map((status) => statusWords(status, false).words);
  expect(new Set(words).size).toBe(STATUSES.length);
  for (const status of STEP_STATUSES) expect(stepWords(status).words).toBe(status);
});

test("a pause is told first, except where it means nothing any more", () => {
  expect(statusWords("running", true).words).toBe("Paused");
  expect(statusWords("rolling-back", true).words).toBe("Rolling back");
  expect(statusWords("completed", true).words).toBe("Completed");
});

test("what has ended is known", () => {
  expect(STATUSES.filter(isOver)).toEqual(["completed", "aborted", "rolled-back", "rollback-unconfirmed"]);
});

test("a watch that a rollback cut short is not shown as going on", () => {
  const startedAt = "2025-06-04T02:00:00.000Z" as Instant;
  const endedAt = "2025-06-04T02:30:00.000Z" as Instant;
  const watching = { status: "watching", startedAt } as const;
  expect(cutShortAt({}, watching)).toBeUndefined();
  expect(stepWordsIn({}, watching).words).toBe("watching");
  expect(cutShortAt({ endedAt }, watching)).toBe(endedAt);
  expect(stepWordsIn({ endedAt }, watching).words).toBe("cut short");
  expect(stepWordsIn({ endedAt }, { ...watching, status: "done", endedAt: startedAt }).words).toBe("done");
  expect(stepWordsIn({ endedAt }, { status: "waiting" }).words).toBe("waiting");
});
