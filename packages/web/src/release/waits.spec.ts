import type { Instant } from "@gonogo/core/kit/instant";
import { expect, test } from "vitest";
import { firstWait, steady } from "./waits.tsx";

const by = "2025-06-04T02:15:00.000Z" as Instant;

test("the first wait names its people, and how many more there are", () => {
  const vote = { what: "GO or NO-GO", who: ["Ops"], by, urgent: false };
  const watch = { what: "Watching phase 1 for another 6 min", who: [], by, urgent: false };
  expect(firstWait({ waitsFor: [vote, watch] })).toBe("Waits for Ops: GO or NO-GO (and 1 more)");
  expect(firstWait({ waitsFor: [watch] })).toBe("Watching phase 1");
  expect(firstWait({ waitsFor: [], upNext: { what: "The bake ends", at: by } })).toBe("Next: The bake ends");
  expect(firstWait({ waitsFor: [] })).toBeUndefined();
});

test("a length of time stays where no moment is given for it", () => {
  expect(steady({ what: "Ran for another 6 min" })).toBe("Ran for another 6 min");
  expect(steady({ what: "Watching phase 2 for another 1 day 2 h 20 min", by })).toBe("Watching phase 2");
});
