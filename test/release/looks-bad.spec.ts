import type { PlanInput } from "@gonogo/core/plan/schema";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { shortPlan } from "../invariants/plans.ts";
import { eventsOf, expectSound, routeOf, runToSecond, stateOf } from "../invariants/world.ts";

function worse(when: string): Partial<PlanInput> {
  return {
    baseline: { over: "30 min", verifyWithin: "10 min" },
    triggers: [{ id: "worse", when, metric: "errors", respond: "rollback", owner: "Ops" }],
  };
}

describe("a release that is worse than before, on the virtual clock with every handler and machine", () => {
  it("is put back when the error rate stays above the baseline, and compared with it until it is back", async () => {
    const simulation = await Simulation.begin(shortPlan(worse("API 5xx > baseline + 10 % for 1 min")));
    simulation.metrics.values.set("errors", { value: 0.5, count: 5_000 });
    await runToSecond(simulation, 20);
    expect((await stateOf(simulation)).baseline?.readings.errors).toMatchObject({ value: 0.5 });
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    simulation.metrics.values.set("errors", { value: 0.9, count: 5_000 });
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    simulation.metrics.values.set("errors", { value: 0.5, count: 5_000 });
    await simulation.control.clock.advance(15 * 60_000);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "BaselineTaken")).toHaveLength(1);
    expect(eventsOf(records, "BaselineVerified").at(-1)).toMatchObject({
      done: true,
      results: [{ metric: "errors", verdict: "back" }],
    });
    expect(eventsOf(records, "RollbackEnded")).toMatchObject([{ outcome: "rolled-back" }]);
    simulation.stop();
  });

  it("waits with its start for a baseline, and takes it when the source is back", async () => {
    const simulation = await Simulation.begin(shortPlan({ baseline: {} }));
    simulation.metrics.values.set("errors", undefined);
    await runToSecond(simulation, 60);
    expect((await stateOf(simulation)).startHeld.join()).toContain("baseline of API 5xx rate");
    simulation.metrics.values.set("errors", { value: 0.1, count: 5_000 });
    expect(await simulation.runToEnd()).toBe(true);
    expect((await stateOf(simulation)).status).toBe("completed");
    await expectSound(simulation);
    simulation.stop();
  });
});
