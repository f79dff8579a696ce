import { digestOf } from "@gonogo/core/kit/digest";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { DIED, setFault } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-09-30T00:00:00.000Z" as Instant;

describe("S13 edge and level", () => {
  it("an alarm that is red already at the start blocks, by name, and lets go when it is well", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 300);
    expect((await stateOf(simulation)).startHeld).toEqual([
      "Api5xx is red already: waiting until it is not (onRed: block)",
    ]);
    expect(await routeOf(simulation)).toBe("1");
    await simulation.setAlarm("Api5xx", "OK");
    await runToSecond(simulation, 400);
    expect((await stateOf(simulation)).status).toBe("running");
    await simulation.runToEnd();
    await expectSound(simulation);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  });

  it("one that was accepted as red does not roll back, until it has been well once", async () => {
    const simulation = await Simulation.begin(
      shortPlan({ onRed: { choice: "fix-forward", reason: "this is the fix" } }),
    );
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 60);
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    await simulation.setAlarm("Api5xx", "OK");
    await runToSecond(simulation, 125);
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });

  it("one whose event never comes is seen by the clock's visits", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 10);
    simulation.control.engine.events.disturb = () => [10 * 86_400_000];
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 80);
    expect((await stateOf(simulation)).rollback?.cause).toContain("Api5xx");
    simulation.stop();
  });

  it("one that is deleted in mid-phase holds the release; resuming goes on without it", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 10);
    const { kernel } = simulation.control.engine;
    await kernel.call("cloudwatch", "DeleteAlarms", { AlarmNames: ["Api5xx"] });
    await runToSecond(simulation, 600);
    const state = await stateOf(simulation);
    expect(state.paused?.cause).toBe("Api5xx was deleted while the release runs");
    expect(state.steps.p1?.status).toBe("watching");
    expect(eventsOf(await simulation.records(), "ShiftIntended")).toHaveLength(1);
    await runToSecond(simulation, 3600);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  });

  it("one that is edited in mid-phase holds the release, and lets go when it is put right", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 10);
    const { kernel } = simulation.control.engine;
    const alarm = (threshold: number) =>
      kernel.call("cloudwatch", "PutMetricAlarm", {
        AlarmName: "Api5xx",
        Namespace: "Simulation",
        MetricName: "Api5xx",
        Statistic: "Average",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: threshold,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
      });
    await alarm(1000);
    await runToSecond(simulation, 90);
    expect((await stateOf(simulation)).paused?.cause).toBe("Api5xx was edited while the release runs");
    await alarm(0);
    await runToSecond(simulation, 1000);
    expect((await stateOf(simulation)).alarms.Api5xx?.changed).toBeUndefined();
    await ask(simulation, { type: "Resume" });
    await runToSecond(simulation, 1200);
    expect(eventsOf(await simulation.records(), "ShiftIntended")).toHaveLength(2);
    simulation.stop();
  });

  it("one that is muted in mid-phase holds the release", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    const before = drive.world.alarms.get("Api5xx");
    if (before === undefined) throw new Error("no alarm");
    drive.world.alarms.set("Api5xx", { ...before, muted: true });
    drive.visit();
    expect(drive.state.paused?.cause).toBe("Api5xx was muted while the release runs");
    drive.world.alarms.set("Api5xx", { ...before, digest: digestOf("other") });
    drive.visit();
    expect(eventsOf(drive.log, "AlarmChanged").map(({ what }) => what)).toEqual(["muted", "edited"]);
  });

  it("alarms that cannot be read keep it from starting and from shifting, and say so", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const away = async (call: { operation: string }, proceed: () => Promise<typeof DIED>) =>
      call.operation === "DescribeAlarms" ? DIED : await proceed();
    setFault(simulation, away);
    await runToSecond(simulation, 200);
    expect((await stateOf(simulation)).startHeld).toEqual(["Api5xx could not be read"]);
    setFault(simulation, undefined);
    await runToSecond(simulation, 330);
    expect((await stateOf(simulation)).steps.p1?.status).toBe("watching");
    setFault(simulation, away);
    await runToSecond(simulation, 900);
    expect((await stateOf(simulation)).steps.p1).toMatchObject({
      status: "held",
      heldWhy: expect.stringContaining("Api5xx was not read"),
    });
    expect(eventsOf(await simulation.records(), "ShiftIntended")).toHaveLength(1);
    setFault(simulation, undefined);
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("completed");
    await expectSound(simulation);
    simulation.stop();
  });

  it("alarms that cannot be read just before a later shift hold that shift, and only as long", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "done", END);
    const alarms = new Map(drive.world.alarms);
    drive.world.alarms.clear();
    drive.now = drive.at(20);
    drive.settle();
    expect(drive.state.steps.p2).toMatchObject({ status: "held", heldWhy: "Api5xx could not be read" });
    for (const [name, alarm] of alarms) drive.world.alarms.set(name, alarm);
    drive.runUntil(
      () => drive.state.steps.p2?.status === "watching",
      fromMillis(toMillis(drive.now) + 120_000),
    );
    expect(drive.state.steps.p2?.status).toBe("watching");
    expect(drive.state.decisions).toEqual({});
  });
});
