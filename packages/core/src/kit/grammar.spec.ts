import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCondition, formatThreshold, parseCondition, parseThreshold } from "../metric/threshold.ts";
import { type Duration, ms, parseDuration, spoken, toMs } from "./duration.ts";
import { type Offset, offset, offsetMs, parseOffset, spokenOffset } from "./offset.ts";

const millis = fc.integer({ min: 0, max: 400 * 86_400_000 });

function value<T>(result: { ok: true; value: T } | { ok: false; message: string }): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

describe("durations", () => {
  it("are read back as they were written, in the canonical and in the spoken spelling", () => {
    fc.assert(
      fc.property(millis, (length) => {
        const written = ms(length);
        expect(toMs(written)).toBe(length);
        expect(value(parseDuration(written))).toBe(written);
        expect(value(parseDuration(spoken(written)))).toBe(written);
      }),
    );
  });

  const forms: [string, Duration | undefined][] = [
    ["15 min", "15m" as Duration],
    ["2.5 h", "2h30m" as Duration],
    ["1h30m", "1h30m" as Duration],
    ["90 minutes", "1h30m" as Duration],
    ["24 hours", "1d" as Duration],
    ["7 days", "7d" as Duration],
    ["2 weeks", "14d" as Duration],
    ["PT15M", "15m" as Duration],
    ["P1DT2H", "1d2h" as Duration],
    ["0 s", "0s" as Duration],
    ["15\u00a0min", "15m" as Duration],
    ["", undefined],
    ["15", undefined],
    ["-5 min", undefined],
    ["5 fortnights", undefined],
    ["15 min later", undefined],
    ["0.0001 s", undefined],
    ["P", undefined],
  ];
  for (const [text, expected] of forms) {
    it(`${expected === undefined ? "refuses" : "reads"} ${JSON.stringify(text)}`, () => {
      const result = parseDuration(text);
      if (expected === undefined) expect(result).toMatchObject({ ok: false, message: expect.any(String) });
      else expect(value(result)).toBe(expected);
    });
  }

  it("never throw, whatever is written", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parseDuration, parseOffset, parseThreshold, parseCondition]) {
          const result = parse(text);
          if (!result.ok) expect(result.column).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("offsets", () => {
  it("are read back as they were written", () => {
    fc.assert(
      fc.property(fc.integer({ min: -30 * 86_400_000, max: 30 * 86_400_000 }), (length) => {
        const written = offset(length);
        expect(offsetMs(written)).toBe(length);
        expect(value(parseOffset(written))).toBe(written);
        expect(value(parseOffset(spokenOffset(written)))).toBe(written);
      }),
    );
  });

  const forms: [string, Offset | undefined][] = [
    ["T", "T" as Offset],
    ["T-30 min", "T-30m" as Offset],
    ["T\u201130 min", "T-30m" as Offset],
    ["T \u2212 30 min", "T-30m" as Offset],
    ["t + 2.5h", "T+2h30m" as Offset],
    ["T+0 min", "T" as Offset],
    ["T+", undefined],
    ["Tomorrow", undefined],
    ["30 min", undefined],
    ["T-30 min sharp", undefined],
  ];
  for (const [text, expected] of forms) {
    it(`${expected === undefined ? "refuses" : "reads"} ${JSON.stringify(text)}`, () => {
      const result = parseOffset(text);
      if (expected === undefined) expect(result.ok).toBe(false);
      else expect(value(result)).toBe(expected);
    });
  }
});

describe("thresholds and conditions", () => {
  const op = fc.constantFrom("<", "<=", ">", ">=");
  const number = fc
    .double({ min: -1000, max: 1000, noNaN: true })
    .map((one) => Math.round(one * 100) / 100 + 0);
  const unit = fc.constantFrom("", "%", "s", "ms", "stars", "req/s");
  const length = fc.integer({ min: 1, max: 10_000 }).map((minutes) => ms(minutes * 60_000));

  it("are read back as they were written", () => {
    fc.assert(
      fc.property(op, number, unit, fc.option(length, { nil: undefined }), (which, at, of, over) => {
        const written = { op: which, value: at, unit: of, ...(over === undefined ? {} : { over }) } as const;
        expect(value(parseThreshold(formatThreshold(written as never)))).toEqual(written);
      }),
    );
  });

  it("with a subject and a length are read back as they were written", () => {
    const subject = fc.constantFrom("API 5xx", "p95 latency", "Crash-free sessions", "");
    fc.assert(
      fc.property(
        subject,
        op,
        number,
        unit,
        fc.option(length, { nil: undefined }),
        (of, which, at, u, lasts) => {
          const written = {
            subject: of,
            op: which,
            value: at,
            unit: u,
            ...(lasts === undefined ? {} : { sustained: lasts }),
          };
          expect(value(parseCondition(formatCondition(written as never)))).toEqual(written);
        },
      ),
    );
  });

  const forms: [string, string | undefined][] = [
    ["< 1 %", "< 1 %"],
    ["<1%", "< 1 %"],
    ["\u2264 2.5 s", "<= 2.5 s"],
    ["at least 99.5 percent", ">= 99.5 %"],
    ["> 4.5 stars (24 h)", "> 4.5 stars (1 day)"],
    ["1 %", undefined],
    ["< %", undefined],
    ["< 1 % or so", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of forms) {
    it(`${expected === undefined ? "refuses" : "reads"} ${JSON.stringify(text)}`, () => {
      const result = parseThreshold(text);
      if (expected === undefined) expect(result.ok).toBe(false);
      else expect(formatThreshold(value(result))).toBe(expected);
    });
  }
});
