import { describe, expect, it } from "vitest";
import { search } from "./chance.ts";

// Set GONOGO_SEED to repeat a run; a failure prints its seed and path.
const seed = Number(process.env.GONOGO_SEED ?? 20_250_604);

describe("what people, alarms, machines and the clock do by chance", () => {
  it(`breaks nothing that must always hold (seed ${seed})`, () => {
    const runs = Number(process.env.GONOGO_RUNS ?? 100);
    expect(search({ runs, seed, longest: 60 })).toBe(runs);
  }, 120_000);
});
