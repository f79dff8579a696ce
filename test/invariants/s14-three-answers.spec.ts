import type { Instant } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;

describe("S14 three answers", () => {
  const readings: [string, { value: number; count: number } | undefined, "done" | "held" | "rolled-back"][] =
    [
      ["well within", { value: 0.2, count: 100_000 }, "done"],
      ["a hair within", { value: 0.99, count: 300 }, "done"],
      ["on the threshold itself", { value: 1, count: 100_000 }, "held"],
      ["between the thresholds", { value: 2, count: 100_000 }, "held"],
      ["on the trigger itself", { value: 3, count: 100_000 }, "held"],
      ["over the trigger", { value: 3.1, count: 100_000 }, "rolled-back"],
      ["one request too few", { value: 0, count: 299 }, "held"],
      ["no requests at all", { value: 0, count: 0 }, "held"],
      ["no value", undefined, "held"],
      ["not a number", { value: Number.NaN, count: 100_000 }, "held"],
      ["endless", { value: Number.NEGATIVE_INFINITY, count: 100_000 }, "held"],
      ["a count that is no number", { value: 0, count: Number.NaN }, "held"],
    ];
  for (const [name, reading, end] of readings) {
    it(`a phase that reads ${name} is ${end}`, () => {
      const drive = new Drive(samplePlan(), EVE);
      drive.openGates();
      drive.runUntil(() => drive.state.steps.p1?.status === "watching", drive.at(30));
      drive.world.values.set("errors", reading);
      drive.runUntil(() => false, drive.at(16));
      if (end === "rolled-back") expect(drive.state.status).toBe("rolled-back");
      else expect(drive.state.steps.p1?.status).toBe(end);
      if (end === "held") {
        expect(drive.state.decisions["phase:p1"]).toMatchObject({ onSilence: "rollback" });
        expect(eventsOf(drive.log, "PhasePassed")).toEqual([]);
      }
    });
  }

  it("the whole table again with the alarm's state beside a good value", () => {
    for (const [state, end] of [
      ["ok", "done"],
      ["unknown", "held"],
      ["missing", "watching"],
    ] as const) {
      const drive = new Drive(samplePlan(), EVE);
      drive.openGates();
      drive.runUntil(() => drive.state.steps.p1?.status === "watching", drive.at(30));
      const alarm = drive.world.alarms.get("Api5xx");
      if (alarm === undefined) throw new Error("no alarm");
      drive.world.alarms.set("Api5xx", { ...alarm, state });
      drive.runUntil(() => false, drive.at(16));
      expect(drive.state.steps.p1?.status, state).toBe(end);
    }
  });

  it("traffic that stops in mid-watch holds, and passes by itself when there has been enough", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    simulation.metrics.values.set("errors", { value: 0, count: 40 });
    await runToSecond(simulation, 300);
    expect((await stateOf(simulation)).steps.p1).toMatchObject({
      status: "held",
      heldWhy: expect.stringContaining("stands on 40 events; 300 are needed"),
    });
    simulation.metrics.values.set("errors", { value: 0, count: 400 });
    await runToSecond(simulation, 400);
    expect((await stateOf(simulation)).steps.p1?.status).toBe("done");
    await expectSound(simulation);
    simulation.stop();
  });

  it("between the thresholds holds and asks; a person may let it pass, with their reason on record", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    simulation.metrics.values.set("errors", { value: 2, count: 100_000 });
    await runToSecond(simulation, 300);
    expect((await stateOf(simulation)).steps.p1?.status).toBe("held");
    await ask(simulation, { type: "Promote", step: "p1" }, { reason: "known and harmless" });
    const records = await expectSound(simulation);
    const passed = records.find(({ event }) => event.type === "PhasePassed");
    expect(passed).toMatchObject({ reason: "known and harmless", event: { promoted: true } });
    simulation.stop();
  });

  it("and nobody's answer is a rollback, after as long as the plan allows", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    simulation.metrics.values.set("errors", { value: 2, count: 100_000 });
    await runToSecond(simulation, 120 + 29 * 60);
    expect((await stateOf(simulation)).status).toBe("running");
    await runToSecond(simulation, 120 + 32 * 60);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });

  it("a value that is no number does not keep the alarms from being looked at", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 10);
    simulation.metrics.values.set("errors", { value: Number.NaN, count: Number.NaN });
    simulation.control.engine.events.disturb = () => [10 * 86_400_000];
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 120);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  });
});
