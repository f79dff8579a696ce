import { submitPlan } from "@gonogo/functions/api/submit";
import { answerAll } from "@gonogo/local/sample/stand-ins";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";
import { ask, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

async function second(simulation: Simulation, start = "2025-06-04T02:00:10Z") {
  const { runtime } = simulation.control;
  await simulation.control.engine.kernel.call("lambda", "PublishVersion", { FunctionName: "api" });
  const plan = shortPlan({
    id: "REL-T",
    start,
    components: [
      {
        id: "api",
        name: "api",
        target: { kind: "lambda-alias", function: "api", alias: "prod", version: "3" },
      },
    ],
  });
  const requester = { kind: "person" as const, id: "psn_pipeline", roles: ["Release Manager"] };
  await simulation.control.during(() => submitPlan(runtime, plan, { key: "second", actor: requester }));
  await simulation.control.during(() => answerAll(runtime, simulation.people, "REL-T"));
  return async () => {
    const loaded = await simulation.control.during(() => runtime.store.load("REL-T"));
    if (loaded === undefined) throw new Error("not there");
    return loaded.state;
  };
}

describe("S11 one at a time", () => {
  it("a second release on the same target is refused by name, and goes on when the first has ended", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const other = await second(simulation);
    await runToSecond(simulation, 100);
    expect((await other()).startHeld).toEqual(["api is held by REL-S, which has not ended"]);
    await runToSecond(simulation, 3600);
    expect((await stateOf(simulation)).status).toBe("completed");
    const after = await other();
    expect(after.startedAt).toBeDefined();
    expect(after.components.api).toMatchObject({ fence: 2, previous: "2", next: "3" });
    expect(await routeOf(simulation)).not.toBe("2");
    await expectSound(simulation);
    simulation.stop();
  });

  it("and when it was rolled back, the second builds on what was before the first", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const other = await second(simulation);
    await runToSecond(simulation, 100);
    expect((await other()).startHeld).toEqual(["api is held by REL-S, which has not ended"]);
    await ask(simulation, { type: "Rollback" });
    await runToSecond(simulation, 400);
    expect((await other()).components.api).toMatchObject({ previous: "1", next: "3" });
    expect(await routeOf(simulation)).toContain("3");
    simulation.stop();
  });

  it("two that start in the same moment: one gets the target, the other is told who has it", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const other = await second(simulation, "2025-06-04T02:00:00Z");
    await runToSecond(simulation, 90);
    const both = [await other(), await stateOf(simulation)];
    expect(both.filter(({ startedAt }) => startedAt !== undefined)).toHaveLength(1);
    expect(both.filter(({ startHeld }) => startHeld.length > 0)).toHaveLength(1);
    simulation.stop();
  });
});
