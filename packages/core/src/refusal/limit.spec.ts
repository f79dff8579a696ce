import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ms, toMs } from "../kit/duration.ts";
import { fromMillis, toMillis } from "../kit/instant.ts";
import { isOver, type Limit, secondsUntil, windowAt } from "./limit.ts";

const limits = fc.record({
  most: fc.integer({ min: 1, max: 50 }),
  length: fc.integer({ min: 1_000, max: 3_600_000 }).map(ms),
});
const moments = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });

/** How many of these tries are looked at, where each that is looked at fails. */
function taken(limit: Limit, times: readonly number[]): number[] {
  const counts = new Map<string, number>();
  return times.filter((time) => {
    const { from } = windowAt(fromMillis(time), limit);
    const failures = counts.get(from) ?? 0;
    if (isOver(failures, limit)) return false;
    counts.set(from, failures + 1);
    return true;
  });
}

describe("a window", () => {
  it("has every moment in it, and begins where the one before ends", () => {
    fc.assert(
      fc.property(limits, moments, (limit, time) => {
        const now = fromMillis(time);
        const { from, to } = windowAt(now, limit);
        expect(from <= now && now < to).toBe(true);
        expect(toMillis(to) - toMillis(from)).toBe(toMs(limit.length));
        expect(windowAt(to, limit).from).toBe(to);
        expect(windowAt(from, limit)).toEqual({ from, to });
      }),
      { numRuns: 1_000 },
    );
  });

  it("says how long it is in seconds that are enough, and never none", () => {
    fc.assert(
      fc.property(limits, moments, (limit, time) => {
        const now = fromMillis(time);
        const { to } = windowAt(now, limit);
        const seconds = secondsUntil(to, now);
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(fromMillis(time + seconds * 1_000) >= to).toBe(true);
        expect(seconds).toBeLessThanOrEqual(Math.ceil(toMs(limit.length) / 1_000));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a limit", () => {
  const tries = fc.tuple(
    limits,
    moments,
    fc.array(fc.integer({ min: 0, max: 7_200_000 }), { maxLength: 300 }),
  );

  it("takes so many in a window and no more, and never more than twice that in the time of one", () => {
    fc.assert(
      fc.property(tries, ([limit, start, offsets]) => {
        const times = offsets.map((offset) => start + offset).toSorted((one, other) => one - other);
        const looked = taken(limit, times);
        const size = toMs(limit.length);
        for (const [index, time] of looked.entries()) {
          const within = looked.slice(index).filter((other) => other < time + size);
          expect(within.length).toBeLessThanOrEqual(2 * limit.most);
          const same = looked.filter((other) => Math.floor(other / size) === Math.floor(time / size));
          expect(same.length).toBeLessThanOrEqual(limit.most);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("lets in who waits as long as it says", () => {
    fc.assert(
      fc.property(limits, moments, (limit, time) => {
        const flood = Array.from({ length: limit.most + 5 }, () => time);
        const { to } = windowAt(fromMillis(time), limit);
        const later = time + secondsUntil(to, fromMillis(time)) * 1_000;
        expect(taken(limit, [...flood, later]).at(-1)).toBe(later);
      }),
      { numRuns: 500 },
    );
  });
});
