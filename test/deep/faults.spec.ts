import { describe, expect, it } from "vitest";
import { search } from "../invariants/chance.ts";
import { type Strike, struckRelease, struckRollback } from "../invariants/struck.ts";

// Not part of the ordinary run: GONOGO_DEEP_RUNS=10000 vitest run --config test/deep/vitest.config.ts
const runs = Number(process.env.GONOGO_DEEP_RUNS ?? 2000);
const seed = Number(process.env.GONOGO_SEED ?? Date.now() % 1_000_000_000);
const HOURS = 6 * 3_600_000;

describe("for as long as there is time", () => {
  it(
    `nothing that must always hold is broken by ${runs} runs by chance (seed ${seed})`,
    () => {
      expect(search({ runs, seed, longest: 120 })).toBe(runs);
    },
    HOURS,
  );

  for (const how of ["before", "after"] as const satisfies Strike[]) {
    for (const length of [1, 5]) {
      it(
        `every call of a release struck ${how} the work, ${length} in a row`,
        async () => {
          const calls = await struckRelease(1_000_000, how, length);
          expect(calls).toBeGreaterThan(10);
          for (let n = 1; n <= calls; n++) await struckRelease(n, how, length);
        },
        HOURS,
      );

      it(
        `every call of a rollback struck ${how} the work, ${length} in a row`,
        async () => {
          const calls = await struckRollback(1_000_000, how, length);
          expect(calls).toBeGreaterThan(10);
          for (let n = 1; n <= calls; n++) await struckRollback(n, how, length);
        },
        HOURS,
      );
    }
  }
});
