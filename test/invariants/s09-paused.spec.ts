import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const MINUTE = 60_000;

describe("S9 paused", () => {
  it("a pause adds all of its length to the watch that is open, however often and whenever it comes", () => {
    const pauses = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 90 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(pauses, (plan) => {
        const drive = new Drive(samplePlan(), EVE);
        drive.openGates();
        drive.runUntil(() => drive.state.steps.p1?.status === "watching", drive.at(100));
        const shiftedAt = toMillis(drive.now);
        let paused = 0;
        for (const [after, length] of plan) {
          drive.runUntil(() => false, fromMillis(toMillis(drive.now) + after * MINUTE));
          if (drive.state.steps.p1?.status !== "watching") break;
          drive.person({ type: "Pause" });
          drive.runUntil(() => false, fromMillis(toMillis(drive.now) + length * MINUTE));
          drive.person({ type: "Resume" });
          paused += length * MINUTE;
        }
        drive.runUntil(
          () => drive.state.steps.p1?.status === "done",
          fromMillis(toMillis(drive.now) + 30 * MINUTE),
        );
        const endedAt = toMillis(drive.state.steps.p1?.endedAt ?? drive.now);
        expect(endedAt - shiftedAt).toBe(15 * MINUTE + paused);
      }),
      { numRuns: 40 },
    );
  });

  it("stops the next shift at once, and goes on where it stood", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 119);
    await ask(simulation, { type: "Pause" });
    await runToSecond(simulation, 3600);
    expect(eventsOf(await simulation.records(), "ShiftIntended")).toHaveLength(1);
    expect((await stateOf(simulation)).steps.p1?.status).toBe("watching");
    await ask(simulation, { type: "Resume" });
    await runToSecond(simulation, 3600 + 1);
    expect((await stateOf(simulation)).steps.p1?.status).toBe("done");
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ShiftDone")).toHaveLength(2);
    simulation.stop();
  });

  it("a pause before the start keeps it from starting, and a pause for good ends it", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await ask(simulation, { type: "Pause" });
    await runToSecond(simulation, 7200);
    expect((await stateOf(simulation)).startedAt).toBeUndefined();
    await runToSecond(simulation, 26 * 3600);
    expect((await stateOf(simulation)).status).toBe("aborted");
    await expectSound(simulation);
    simulation.stop();
  });
});
