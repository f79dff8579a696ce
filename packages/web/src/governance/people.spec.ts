import type { Instant } from "@gonogo/core/kit/instant";
import { expect, test } from "vitest";
import { ofRelease } from "./people.ts";

test("what is lent for one release is told with it; what is over, or lent everywhere, is not told twice", () => {
  const until = "2026-01-01T00:00:00.000Z" as Instant;
  const lent = { role: "CTO", from: "psn_a", to: "psn_b", until };
  const at = "2025-12-01T00:00:00.000Z" as Instant;
  const delegations = [
    { ...lent, at, over: false, reason: "on leave" },
    { ...lent, at, role: "QA", over: true },
    { ...lent, at, role: "Ops", over: false, everywhere: "delegation-1" },
  ];
  expect(ofRelease({ id: "REL-1", delegations })).toEqual([
    { ...lent, key: "REL-1 CTO psn_a psn_b", release: "REL-1", reason: "on leave" },
  ]);
});
