import type { Instant } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { carryOut } from "@gonogo/functions/events/effects";
import { execute } from "@gonogo/functions/execute";
import { whatGoesBack } from "@gonogo/functions/tasks/rollback";
import { shift } from "@gonogo/functions/tasks/shift";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { Held, setFault } from "./faults.ts";
import { planOf, shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;

async function rolledBack(): Promise<Simulation> {
  const simulation = await Simulation.begin(shortPlan());
  await runToSecond(simulation, 30);
  await ask(simulation, { type: "Rollback" });
  await runToSecond(simulation, 60);
  expect((await stateOf(simulation)).status).toBe("rolled-back");
  return simulation;
}

describe("S2 no comeback", () => {
  it("a shift asked for again after the rollback does nothing", async () => {
    const simulation = await rolledBack();
    const { runtime } = simulation.control;
    for (const step of ["p1", "p2"]) {
      await simulation.control.during(() => shift(runtime, { release: "REL-S", step }));
    }
    expect(await routeOf(simulation)).toBe("1");
    await expectSound(simulation);
    simulation.stop();
  });

  it("every event of the log told again does nothing", async () => {
    const simulation = await rolledBack();
    const { runtime } = simulation.control;
    const before = await simulation.records();
    for (const record of before) await simulation.control.during(() => carryOut(runtime, record));
    await runToSecond(simulation, 120);
    expect(await simulation.records()).toEqual(before);
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });

  it("an execution of an old rollback has nothing to put back", async () => {
    const simulation = await rolledBack();
    const { runtime } = simulation.control;
    const items = await simulation.control.during(() => whatGoesBack(runtime, { release: "REL-S", n: 1 }));
    expect(items).toEqual({ items: [] });
    simulation.stop();
  });

  it("what goes on with a release is refused after it, with the reason, and recorded", async () => {
    const simulation = await rolledBack();
    for (const body of [
      { type: "Resume" },
      { type: "Promote" },
      { type: "Retry" },
      { type: "Skip", step: "p2" },
      { type: "CompleteStep", step: "p1", ok: true },
    ] as const) {
      expect(await ask(simulation, body), body.type).toMatchObject({
        ok: false,
        rejection: { code: "release.stopped", message: expect.stringContaining("rolled back") },
      });
    }
    const records = await expectSound(simulation);
    expect(eventsOf(records, "CommandRefused").map(({ command }) => command)).toEqual([
      "Resume",
      "Promote",
      "Retry",
      "Skip",
      "CompleteStep",
    ]);
    simulation.stop();
  });

  it("a person who finishes a step during the rollback does not open its watch", () => {
    const plan = samplePlan({
      components: [
        { id: "api", name: "API", target: { kind: "manual" } },
        { id: "app", name: "App", target: { kind: "google-play" } },
      ],
    });
    const drive = new Drive(plan, EVE);
    drive.openGates();
    drive.punctual = false;
    drive.runUntil(() => drive.state.steps.freeze?.status === "running", drive.at(0));
    drive.person({ type: "CompleteStep", step: "freeze", ok: true });
    drive.runUntil(() => drive.state.steps.p1?.status === "shifting", drive.at(5));
    expect(drive.state.steps.p1?.status).toBe("shifting");
    drive.person({ type: "Rollback" });
    expect(drive.person({ type: "CompleteStep", step: "p1", ok: true })).toMatchObject({
      ok: false,
      rejection: { code: "release.stopped" },
    });
    expect(drive.state.steps.p1?.status).toBe("shifting");
  });

  it("a store that is let go on while a rollback begins is stopped again", async () => {
    const plan = planOf({
      ...shortPlan(),
      components: [{ id: "app", name: "App", target: { kind: "app-store", version: "newest" } }],
      metrics: [],
      triggers: [],
      steps: [
        {
          id: "p1",
          kind: "phase",
          at: "T",
          do: "Release in phases",
          owner: "Ops",
          phase: "1",
          component: "app",
          percent: 100,
          watch: "1 d",
        },
      ],
    });
    const simulation = await Simulation.begin(plan);
    const { runtime } = simulation.control;
    await runToSecond(simulation, 60);
    await ask(simulation, { type: "Pause" });
    await runToSecond(simulation, 120);
    expect((await stateOf(simulation)).components.app?.held).toBe(true);

    const target = runtime.targets["app-store"];
    if (target === undefined) throw new Error("no store");
    const free = target.free.bind(target);
    target.free = async (...given) => {
      // The rollback is recorded and has stopped the store before this late call lets it go on.
      await execute(runtime, {
        release: "REL-S",
        id: runtime.newId(),
        actor: { kind: "person", id: "psn_1", roles: ["Ops"] },
        reason: "at this very moment",
        body: { type: "Rollback" },
      });
      return await free(...given);
    };
    await ask(simulation, { type: "Resume" });
    await runToSecond(simulation, 300);
    const state = await stateOf(simulation);
    expect(state.status).toBe("rolled-back");
    const component = state.components.app;
    const pinned = (await simulation.load()).plan.components[0]?.target;
    if (component === undefined || pinned?.kind !== "app-store") throw new Error("no app");
    const seen = await simulation.control.during(() => target.read(pinned, component));
    expect(seen.halted).toBe(true);
    simulation.stop();
  });

  it("a shift that ends after the rollback has ended is refused by the alias", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const held = new Held();
    const { kernel } = simulation.control.engine;
    setFault(
      simulation,
      held.fault(kernel, (call) => call.service === "lambda" && call.operation === "UpdateAlias"),
    );
    await runToSecond(simulation, 2);
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 40);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    const before = await simulation.records();
    held.letGo();
    await runToSecond(simulation, 80);
    expect(await routeOf(simulation)).toBe("1");
    expect(await simulation.records()).toEqual(before);
    simulation.stop();
  });
});
