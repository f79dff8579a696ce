import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_CALENDAR } from "../calendar/state.ts";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { lintPlan } from "../plan/lint/index.ts";
import { samplePlan } from "../testing/plans.ts";
import { runsIntoFreeze } from "./frozen.ts";

const T = "2025-06-04T02:00:00.000Z" as Instant;
const minutesAfter = (minutes: number) => fromMillis(toMillis(T) + minutes * 60_000);
const NAMED = /\.(?:into-freeze|start-moves|start-frozen|waits-for-calendar|cannot-avoid-freeze)$/;

describe("a change that runs into a freeze", () => {
  it("is one for the policy exactly where lint says so", () => {
    const freeze = fc.record({
      from: fc.integer({ min: -120, max: 2_200 }),
      length: fc.integer({ min: 1, max: 600 }),
      components: fc.option(fc.constantFrom(["api"], ["app"]), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(freeze, { minLength: 1, maxLength: 3 }), (spans) => {
        const freezes = spans.map(({ from, length, components }, n) => ({
          name: `Freeze ${n}`,
          from: minutesAfter(from),
          to: minutesAfter(from + length),
          ...(components === undefined ? {} : { components: [...components] }),
        }));
        const plan = samplePlan({ freezes });
        const said = lintPlan(plan, undefined, { calendar: EMPTY_CALENDAR }).filter(({ code }) =>
          NAMED.test(code),
        );
        expect(runsIntoFreeze(plan, EMPTY_CALENDAR)).toBe(said.length > 0);
      }),
      { numRuns: 300 },
    );
  });

  it("is none where the freeze only lies between two steps, or over another component", () => {
    const between = { name: "Short", from: minutesAfter(1), to: minutesAfter(10) };
    const other = { name: "App", from: minutesAfter(0), to: minutesAfter(25), components: ["app"] };
    for (const freeze of [between, other]) {
      const plan = samplePlan({ freezes: [freeze] });
      expect(runsIntoFreeze(plan, EMPTY_CALENDAR)).toBe(false);
      expect(lintPlan(plan).filter(({ code }) => NAMED.test(code))).toEqual([]);
    }
  });
});
