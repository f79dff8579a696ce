import type { RefusalEntry } from "@gonogo/client";
import type { Instant } from "@gonogo/core/kit/instant";
import { expect, test } from "vitest";
import { matching } from "./matching.ts";

const at = "2026-01-01T00:00:00.000Z" as Instant;
const entry = (of: Partial<RefusalEntry>): RefusalEntry => ({
  status: 403,
  code: "calendar.not-your-role",
  route: "POST /v1/calendar/{kind}",
  network: "10.0.0.0/24",
  count: 1,
  first: at,
  last: at,
  ...of,
});
const items = [
  entry({ who: "psn_a" }),
  entry({ status: 401, code: "identity.unknown", route: "GET /v1/me", network: "192.0.2.0/24" }),
];

test.each([
  ["", "", [0, 1]],
  ["401", "", [1]],
  ["", "ADA", [0]],
  ["", " /v1/ME ", [1]],
  ["403", "192.0", []],
])("kind %j and text %j", (kind, text, expected) => {
  expect(matching(items, { psn_a: "Ada" }, kind, text)).toEqual(expected.map((index) => items[index]));
});
