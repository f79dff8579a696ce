import { offset, spokenOffset } from "@gonogo/core/kit/offset";
import { describe, expect, test } from "vitest";
import { amount, clockTime, dayTime, fromT, plainWords, shortDigest, span } from "./format.ts";

describe("times", () => {
  test("are in UTC, with seconds only where there are any", () => {
    expect(dayTime("2025-06-04T02:15:00.000Z")).toBe("4 Jun 2025 02:15 UTC");
    expect(dayTime("2025-12-31T23:59:07.400Z")).toBe("31 Dec 2025 23:59:07 UTC");
    expect(clockTime("2025-06-04T02:15:00.999Z")).toBe("02:15");
  });

  test("what is no time is shown as it is", () => {
    expect(dayTime("soon")).toBe("soon");
  });
});

describe("span", () => {
  test.each([
    [0, "0 s"],
    [400, "0 s"],
    [12_000, "12 s"],
    [372_000, "6 min 12 s"],
    [3_600_000, "1 h"],
    [3_605_000, "1 h"],
    [93_600_000, "1 d 2 h"],
    [-5, "0 s"],
  ])("%d ms is %s", (millis, text) => {
    expect(span(millis)).toBe(text);
  });
});

test("a moment is told from T", () => {
  const t = "2025-06-04T02:00:00.000Z";
  expect(fromT(t, "2025-06-04T01:30:00.000Z")).toBe("T-30 min");
  expect(fromT(t, Date.parse(t) + 552_300)).toBe("T+9 min 12 s");
  expect(fromT(t, t)).toBe("T");
});

test("numbers, digests and names", () => {
  expect(amount(0.123456, "%")).toBe("0.1235 %");
  expect(amount(1200)).toBe("1200");
  expect(shortDigest(`sha256:${"ab".repeat(32)}`)).toBe("abababababab");
  expect(plainWords("RollbackItemDone")).toBe("rollback item done");
  expect(plainWords("app-store")).toBe("app store");
});

test("an offset is told as core does", () => {
  const t = "2025-06-04T02:00:00.000Z";
  for (const seconds of [0, 1, -59, 60, 552, 3600, -6600, 86_400, 112_200, 200_001]) {
    const at = Date.parse(t) + seconds * 1000;
    expect(fromT(t, at)).toBe(spokenOffset(offset(seconds * 1000)));
  }
});
