import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { judgeReading, type Reading } from "./judge.ts";
import { holdAgainst, judgeCounted } from "./relative.ts";
import { Metric } from "./schema.ts";
import { formatCondition, formatThreshold, parseCondition, parseThreshold } from "./threshold.ts";

const NOW = "2025-06-04T02:00:00.000Z" as Instant;

function metric(threshold: string, more: object = {}) {
  return Metric.parse({ id: "m", name: "M", threshold, owner: "Ops", ...more });
}

function reading(value: number, unit: string, count?: number): Reading {
  const base = { metric: "m", value, unit, from: NOW, to: NOW };
  return count === undefined ? base : { ...base, count };
}

describe("what people write of a baseline or an objective", () => {
  const written: [string, string][] = [
    ["baseline + 10 %", "<= baseline + 10 %"],
    ["baseline - 5%", ">= baseline - 5 %"],
    ["objective + 20 %", "<= objective + 20 %"],
    ["within 20 % of baseline", "within 20 % of baseline"],
    ["within baseline ±5%", "within 5 % of baseline"],
    ["within baseline +/- 5 %", "within 5 % of baseline"],
    ["within SLO", "<= objective"],
    ["> SLO threshold", "> objective"],
    ["<= baseline + 0.5 pp", "<= baseline + 0.5 pp"],
    ["<= baseline + 50 ms", "<= baseline + 50 ms"],
    ["19 of 20", ">= 19 of 20"],
    ["19/20", ">= 19 of 20"],
    ["at least 19 of 20", ">= 19 of 20"],
  ];
  it.each(written)("a threshold: %s", (text, canonical) => {
    const parsed = parseThreshold(text);
    expect(parsed.ok ? formatThreshold(parsed.value) : parsed.message).toBe(canonical);
    expect(parseThreshold(canonical)).toEqual(parsed);
  });

  const conditions: [string, string][] = [
    ["Error rate exceeds baseline by >10% for >5 minutes", "Error rate > baseline + 10 % for 5 min"],
    ["P95 latency exceeds SLO threshold by >20% for >5 minutes", "P95 latency > objective + 20 % for 5 min"],
    ["Error rate 10 % over baseline for 5 min", "Error rate > baseline + 10 % for 5 min"],
    ["Sign-ups 30 % below baseline for 10 min", "Sign-ups < baseline - 30 % for 10 min"],
    ["CPU outside 20 % of baseline", "CPU outside 20 % of baseline"],
    ["Smoke tests <19/20 passing (95% threshold)", "Smoke tests < 19 of 20"],
    ["API 5xx > 3 % for 10 min", "API 5xx > 3 % for 10 min"],
  ];
  it.each(conditions)("a condition: %s", (text, canonical) => {
    const parsed = parseCondition(text);
    expect(parsed.ok ? formatCondition(parsed.value) : parsed.message).toBe(canonical);
    expect(parseCondition(canonical)).toEqual(parsed);
  });

  const wrong = ["within baseline", "within 5", "baseline", "> baseline + much", "within 20 % of yesterday"];
  it.each(wrong)("says what to write instead of %s", (text) => {
    const parsed = parseThreshold(text);
    expect(parsed.ok ? "taken" : parsed.message).toMatch(/^expected|left over/);
  });
});

describe("a reading against a relative threshold", () => {
  const BASE = reading(0.2, "%", 5_000);
  const LATENCY = { objective: "<= 500 ms", unit: "ms" };
  const cases: [string, object, Reading, Reading | undefined, string][] = [
    ["> baseline + 10 %", {}, reading(0.221, "%"), BASE, "met"],
    ["> baseline + 10 %", {}, reading(0.22, "%"), BASE, "unmet"],
    ["> baseline + 10 %", {}, reading(9, "%"), undefined, "unknown"],
    ["> baseline + 1 pp", {}, reading(1.21, "%"), BASE, "met"],
    ["> baseline + 1 pp", {}, reading(1.2, "%"), BASE, "unmet"],
    ["> baseline + 10 %", {}, reading(5, "%"), reading(0, "%"), "unknown"],
    ["> baseline + 0.5 pp", {}, reading(5, "%"), reading(0, "%"), "met"],
    ["> objective + 20 %", LATENCY, reading(601, "ms"), undefined, "met"],
    ["> objective + 20 %", LATENCY, reading(0.6, "s"), undefined, "unmet"],
    ["> objective + 20 %", { unit: "ms" }, reading(601, "ms"), undefined, "unknown"],
    ["within 20 % of baseline", { unit: "%" }, reading(60, "%"), reading(50, "%"), "met"],
    ["within 20 % of baseline", { unit: "%" }, reading(61, "%"), reading(50, "%"), "unmet"],
    ["within 20 % of baseline", { unit: "%" }, reading(39, "%"), reading(50, "%"), "unmet"],
    ["outside 20 % of baseline", { unit: "%" }, reading(39, "%"), reading(50, "%"), "met"],
    ["outside 20 % of baseline", { unit: "%" }, reading(50, "%"), reading(50, "%"), "unmet"],
    ["<= baseline + 10 %", { unit: "ms" }, reading(5, "stars"), reading(5, "ms"), "unknown"],
    [">= 19 of 20", {}, reading(19, "", 20), undefined, "met"],
    [">= 19 of 20", {}, reading(18, "", 20), undefined, "unmet"],
    [">= 19 of 20", {}, reading(18, "", 18), undefined, "unknown"],
    [">= 19 of 20", {}, reading(10, "", 18), undefined, "unmet"],
    [">= 19 of 20", {}, reading(38, "", 40), undefined, "met"],
    [">= 19 of 20", {}, reading(37, "", 40), undefined, "unmet"],
    [">= 19 of 20", {}, reading(19, ""), undefined, "unknown"],
    ["< 19 of 20", {}, reading(18, "", 20), undefined, "met"],
  ];
  it.each(cases)("%s %j of %j beside %j is %s", (text, more, now, baseline, kind) => {
    const parsed = parseThreshold(text);
    if (!parsed.ok) throw new Error(parsed.message);
    expect(
      holdAgainst(parsed.value, metric("< 1 x", { threshold: text, ...more }), now, { baseline }).kind,
    ).toBe(kind);
  });

  it("passes a watch only beside a baseline, and shows both", () => {
    const rate = metric("<= baseline + 10 %", { unit: "%" });
    const good = reading(0.21, "%", 100_000);
    expect(judgeReading(rate, good, NOW)).toMatchObject({ verdict: "hold", grounds: "no-data" });
    expect(judgeReading(rate, good, NOW, undefined, { baseline: BASE })).toMatchObject({
      verdict: "pass",
      baseline: { value: 0.2, unit: "%", change: 5 },
    });
    const few = judgeReading(rate, reading(0.21, "%", 100), NOW, undefined, { baseline: BASE });
    expect(few.why).toContain("1364 are needed");
  });

  it("is never met and unmet at once, whatever the numbers: outside is what is not within", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 0, max: 500 }), (value, base, far) => {
        const [within, outside] = ["within", "outside"].map((side) => {
          const parsed = parseThreshold(`${side} ${far} % of baseline`);
          if (!parsed.ok) throw new Error(parsed.message);
          return holdAgainst(parsed.value, metric("< 1"), reading(value, ""), { baseline: reading(base, "") })
            .kind;
        });
        const opposite = { met: "unmet", unmet: "met", unknown: "unknown" } as const;
        expect(outside).toBe(opposite[within ?? "unknown"]);
      }),
    );
  });
});

describe("results that people count", () => {
  it.each([
    ["19 of 20", "19/20", "met"],
    ["at least 19 of 20", "20 of 20 passed", "met"],
    ["19 of 20", "17/20", "unmet"],
    ["19 of 20", "17/17", "unknown"],
    ["Difference < 0.5 %", "19/20", undefined],
    ["19 of 20", "all of them", undefined],
  ])("%s, reported as %s", (threshold, result, kind) => {
    expect(judgeCounted(threshold, result)?.kind).toBe(kind);
  });
});
