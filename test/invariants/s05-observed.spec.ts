import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { isShift, setFault, strike } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { struckRelease, struckRollback } from "./struck.ts";
import { eventsOf, expectSound, routeOf, runToSecond } from "./world.ts";

// Every n-th call is struck here; test/deep/faults.spec.ts strikes every one of them.
const STRIDE = 21;

describe("S5 observed: a crash between any two calls", () => {
  for (const how of ["before", "after"] as const) {
    it(`of a release leaves it to end as it would have (${how} the work)`, async () => {
      const calls = await struckRelease(100_000, how, 1);
      for (let n = how === "before" ? 1 : 6; n <= calls; n += STRIDE) await struckRelease(n, how, 1);
    }, 120_000);

    it(`of a rollback leaves the alias on the version before (${how} the work)`, async () => {
      const calls = await struckRollback(100_000, how, 1);
      for (let n = how === "before" ? 1 : 4; n <= calls; n += STRIDE) await struckRollback(n, how, 1);
    }, 120_000);
  }

  it("of a whole burst of calls does no more harm than one", async () => {
    for (const n of [20, 90, 150]) await struckRelease(n, "before", 8);
    for (const n of [1, 20]) await struckRollback(n, "after", 8);
  }, 60_000);

  it("between the shift and its record is settled by what the target says, and shifts once", async () => {
    const simulation = await Simulation.begin(shortPlan());
    let updates = 0;
    setFault(
      simulation,
      strike((call) => isShift(call) && ++updates === 1, "after"),
    );
    await runToSecond(simulation, 60);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ShiftDone")).toMatchObject([{ step: "p1", observed: { share: 10 } }]);
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    simulation.stop();
  });

  it("before the shift is written, with another hand on the alias meanwhile, does not write over it", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const { kernel } = simulation.control.engine;
    let updates = 0;
    setFault(simulation, async (call, proceed) => {
      if (!isShift(call) || ++updates > 1) return await proceed();
      await kernel.call("lambda", "UpdateAlias", {
        FunctionName: "api",
        Name: "prod",
        FunctionVersion: "1",
        RoutingConfig: { AdditionalVersionWeights: { "2": 0.4 } },
      });
      return { status: 500, headers: {}, body: new Uint8Array() };
    });
    await runToSecond(simulation, 30);
    expect(await routeOf(simulation)).toBe("1+2:0.4");
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ShiftDone")).toEqual([]);
    expect(eventsOf(records, "ShiftFailed")).toMatchObject([{ step: "p1" }]);
    simulation.stop();
  });
});
