import type { Instant } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { Held, isShift, setFault } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;

async function otherHand(simulation: Simulation, weight: number): Promise<void> {
  await simulation.control.engine.kernel.call("lambda", "UpdateAlias", {
    FunctionName: "api",
    Name: "prod",
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: weight === 0 ? {} : { "2": weight } },
  });
}

describe("S1 fenced", () => {
  it("stops when another hand changes the alias in mid-phase, shows the difference, and writes nothing", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    await otherHand(simulation, 0.5);
    await runToSecond(simulation, 600);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "DriftFound")).toMatchObject([
      { component: "api", expected: { share: 10 }, seen: { share: 50 } },
    ]);
    const state = await stateOf(simulation);
    expect(state.paused?.cause).toContain("2 at 10 %, 1 at 90 % became 2 at 50 %, 1 at 50 %");
    expect(await routeOf(simulation)).toBe("1+2:0.5");
    expect(eventsOf(records, "ShiftIntended").map(({ step }) => step)).toEqual(["p1"]);
    simulation.stop();
  });

  it("refuses the write itself when another hand is faster by a moment", async () => {
    const simulation = await Simulation.begin(shortPlan());
    let updates = 0;
    setFault(simulation, async (call, proceed) => {
      if (isShift(call) && ++updates === 2) await otherHand(simulation, 0.2);
      return await proceed();
    });
    await runToSecond(simulation, 400);
    expect(await routeOf(simulation)).toBe("1+2:0.2");
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ShiftFailed")).toMatchObject([{ step: "p2" }]);
    expect(eventsOf(records, "DriftFound")).toHaveLength(1);
    simulation.stop();
  });

  it("goes on by itself after a resume when the other hand has put it right, and not before", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    await otherHand(simulation, 0.5);
    await runToSecond(simulation, 100);
    await otherHand(simulation, 0.1);
    await runToSecond(simulation, 300);
    expect((await stateOf(simulation)).components.api?.drift).toBeUndefined();
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    await ask(simulation, { type: "Resume" });
    expect(await simulation.runToEnd()).toBe(true);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "DriftFound")).toHaveLength(1);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  });

  it("does not shift what a pause has overtaken between the intent and a retry", async () => {
    const simulation = await Simulation.begin(shortPlan());
    let updates = 0;
    setFault(simulation, async (call, proceed) => {
      if (!isShift(call) || ++updates > 1) return await proceed();
      return { status: 400, headers: {}, body: new TextEncoder().encode('{"message":"gone"}') };
    });
    await runToSecond(simulation, 0);
    expect((await stateOf(simulation)).steps.p1?.status).toBe("shifting");
    await ask(simulation, { type: "Pause" });
    await runToSecond(simulation, 600);
    expect(await routeOf(simulation)).toBe("1");
    await ask(simulation, { type: "Resume" });
    await runToSecond(simulation, 610);
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    await expectSound(simulation);
    simulation.stop();
  });

  it("does not let the outcome of an earlier shift stand for a later one", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "done", drive.at(60));
    drive.now = drive.at(20);
    const observed = drive.world.read("api", drive.now);
    const { alarms } = drive.world.see(drive.now, drive.now);
    const machine = { kind: "machine", name: "rollout" } as const;
    const second = { step: "p2", percent: 100, why: "phase" } as const;
    drive.ask(machine, { type: "IntendShift", ...second, observed, alarms });
    expect(drive.state.components.api?.intended?.step).toBe("p2");
    // The first try of the first phase was slow, and says only now what came of it.
    const before = drive.log.length;
    const outcome = { kind: "shifted", observed } as const;
    drive.ask(machine, { type: "RecordShift", step: "p1", percent: 10, why: "phase", outcome });
    expect(drive.log).toHaveLength(before);
    expect(drive.state.components.api?.intended?.step).toBe("p2");
    expect(drive.state.steps.p1?.status).toBe("done");
  });

  it("holds a shift in flight to what it was asked on: a rollback that comes between refuses it", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const held = new Held();
    setFault(simulation, held.fault(simulation.control.engine.kernel, isShift));
    await runToSecond(simulation, 5);
    expect(held.isTaken).toBe(true);
    await ask(simulation, { type: "Rollback" });
    await runToSecond(simulation, 30);
    expect(await routeOf(simulation)).toBe("1");
    held.letGo();
    await runToSecond(simulation, 90);
    expect(await routeOf(simulation)).toBe("1");
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ShiftDone")).toEqual([]);
    simulation.stop();
  });
});
