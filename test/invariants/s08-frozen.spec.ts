import type { Instant } from "@gonogo/core/kit/instant";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";
import { expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;

describe("S8 frozen", () => {
  it("a plan whose steps fall into a freeze is refused by the name of the freeze", () => {
    const from = "2025-06-04T04:00:00.000Z" as Instant;
    const to = "2025-06-04T12:00:00.000Z" as Instant;
    const problems = lintPlan(samplePlan(), undefined, { freezes: [{ name: "Quarter end", from, to }] });
    const found = problems.filter(({ code }) => code === "plan.into-freeze");
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.message).toContain("Quarter end");
    expect(lintPlan(samplePlan()).filter(({ code }) => code === "plan.into-freeze")).toEqual([]);
  });

  it("a release that stands still lets nothing advance, and never stops its rollback", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    drive.person({ type: "Pause" }, "a freeze was called");
    drive.runUntil(() => false, drive.at(24 * 60));
    expect(drive.log.filter(({ event }) => event.type === "ShiftIntended")).toHaveLength(1);
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.status).toBe("rolled-back");
    expect(drive.world.read("api", drive.now).share).toBe(0);
  });

  it("a freeze holds the next shift in the whole control plane, and an alarm in it still puts back", async () => {
    const freezes = [{ name: "Quarter end", from: "2025-06-04T02:01:00Z", to: "2025-06-04T02:30:00Z" }];
    for (const isRed of [false, true]) {
      const simulation = await Simulation.begin(shortPlan({ freezes }));
      await runToSecond(simulation, 29 * 60);
      expect(await routeOf(simulation)).toBe("1+2:0.1");
      if (isRed) await simulation.setAlarm("Api5xx", "ALARM");
      await runToSecond(simulation, 29 * 60 + 50);
      expect(await routeOf(simulation)).toBe(isRed ? "1" : "1+2:0.1");
      await simulation.runToEnd();
      expect((await stateOf(simulation)).status).toBe(isRed ? "rolled-back" : "completed");
      await expectSound(simulation);
      simulation.stop();
    }
  });
});
