import type { Instant } from "@gonogo/core/kit/instant";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import type { Signal } from "@gonogo/core/signal/schema";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { receive } from "@gonogo/functions/events/signal";
import { disturbBy } from "@gonogo/local/events/index";
import { seededRandom } from "@gonogo/local/kernel/random";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf, typesOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;

async function tell(simulation: Simulation, signal: Partial<Signal> = {}): Promise<void> {
  const full: Signal = {
    source: "cloudwatch",
    name: "Api5xx",
    state: "alarm",
    at: simulation.now,
    ...signal,
  };
  await simulation.control.during(() => receive(simulation.control.runtime, full));
}

describe("S4 once", () => {
  for (const times of [2, 10, 10_000]) {
    it(`a signal that comes ${times} times takes effect once, and is on record without flooding it`, () => {
      const drive = new Drive(samplePlan(), EVE);
      drive.openGates();
      drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
      const { now } = drive;
      for (let time = 0; time < times; time++) drive.signal({ name: "Api5xx", at: now });
      expect(typesOf(drive.log).filter((type) => type === "RollbackStarted")).toHaveLength(1);
      expect(typesOf(drive.log).filter((type) => type === "TriggerFired")).toHaveLength(1);
      const again = eventsOf(drive.log, "SignalIgnored");
      expect(again).toHaveLength(Math.min(times - 1, 10));
      expect(again.every(({ why }) => why === "duplicate")).toBe(true);
    });
  }

  it("ten thousand different changes of state do not make the release too large to write", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    for (let n = 0; n < 10_000; n++) {
      const at = fromMillis(toMillis(drive.now) + n);
      drive.signal({ name: "Api5xx", state: "ok", at, says: "x".repeat(1000) });
    }
    expect(JSON.stringify(drive.state).length).toBeLessThan(100_000);
    drive.signal({ name: "Api5xx" });
    expect(drive.state.status).toBe("rolling-back");
    // What took effect is remembered for as long as there is room for anything.
    for (let n = 0; n < 500; n++) drive.signal({ name: `Other${n}`, state: "ok" });
    drive.signal({ name: "Api5xx" });
    expect(eventsOf(drive.log, "SignalIgnored").at(-1)?.why).toBe("duplicate");
  });

  const early: [string, (drive: Drive) => void, string][] = [
    ["while the gates are closed", () => {}, "not-started"],
    [
      "before the phase it belongs to",
      (drive) => void drive.runUntil(() => drive.state.startedAt !== undefined, END),
      "nothing-shifted",
    ],
  ];
  for (const [when, bring, why] of early) {
    it(`${when} has no effect, says why, and counts when its time has come`, () => {
      const drive = new Drive(samplePlan(), EVE);
      if (why !== "not-started") drive.openGates();
      bring(drive);
      const { now } = drive;
      drive.signal({ name: "Api5xx", at: now });
      expect(eventsOf(drive.log, "SignalIgnored")).toMatchObject([{ why }]);
      expect(drive.state.rollback).toBeUndefined();
      drive.openGates();
      drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
      drive.signal({ name: "Api5xx", at: now });
      // The one from before the start is of another time; the one from after it counts.
      expect(drive.state.rollback === undefined).toBe(why === "not-started");
    });
  }

  it("of the time before this release, of no trigger, or after its end has no effect and says why", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    drive.signal({ name: "Api5xx", at: "2025-06-03T00:00:00.000Z" as Instant });
    drive.signal({ name: "Nobody" });
    drive.signal({ name: "Api5xx", state: "ok" });
    drive.signal({ name: "Api5xx", state: "unknown" });
    expect(eventsOf(drive.log, "SignalIgnored").map(({ why }) => why)).toEqual([
      "older-than-release",
      "unbound",
      "not-an-alarm",
      "not-an-alarm",
    ]);
    drive.person({ type: "Rollback" });
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    drive.now = fromMillis(toMillis(drive.now) + 60_000);
    drive.signal({ name: "Api5xx" });
    expect(
      eventsOf(drive.log, "SignalIgnored")
        .map(({ why }) => why)
        .slice(4),
    ).toEqual(["rolling-back", "ended"]);
  });

  it("an OK that overtakes its ALARM does not cancel it", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    const red = fromMillis(toMillis(drive.now) + 1000);
    drive.now = fromMillis(toMillis(drive.now) + 5000);
    drive.signal({ name: "Api5xx", state: "ok" });
    drive.signal({ name: "Api5xx", state: "alarm", at: red });
    expect(drive.state.status).toBe("rolling-back");
  });

  it("counts again once people have decided to go on, and not for what they decided on", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p3?.status === "watching", END);
    const first = drive.now;
    drive.signal({ source: "sentry", name: "Crash-free sessions", at: first });
    expect(drive.state.paused).toBeDefined();
    drive.person({ type: "Resume" });
    drive.signal({ source: "sentry", name: "Crash-free sessions", at: first });
    expect(drive.state.paused).toBeUndefined();
    drive.now = fromMillis(toMillis(drive.now) + 60_000);
    drive.signal({ source: "sentry", name: "Crash-free sessions" });
    expect(drive.state.paused).toBeDefined();
  });

  for (const seed of [1, 2, 3]) {
    it(`deliveries twice, late and out of order end in the same place (seed ${seed})`, async () => {
      const simulation = await Simulation.begin(shortPlan());
      simulation.control.engine.events.disturb = disturbBy(seededRandom(seed), {
        repeated: 0.5,
        late: 0.5,
        longestDelayMs: 90_000,
      });
      await runToSecond(simulation, 60);
      await simulation.setAlarm("Api5xx", "ALARM");
      await simulation.runToEnd();
      await runToSecond(simulation, 4000);
      const records = await expectSound(simulation);
      expect((await stateOf(simulation)).status).toBe("rolled-back");
      expect(await routeOf(simulation)).toBe("1");
      for (const type of ["RollbackStarted", "RollbackEnded", "TriggerFired", "IncidentOpened"] as const) {
        expect(eventsOf(records, type), type).toHaveLength(1);
      }
      simulation.stop();
    });

    it(`and so does a release that nothing happens to (seed ${seed})`, async () => {
      const simulation = await Simulation.begin(shortPlan(), { seed });
      simulation.control.engine.events.disturb = disturbBy(seededRandom(seed), {
        repeated: 0.6,
        late: 0.6,
        longestDelayMs: 120_000,
      });
      expect(await simulation.runToEnd()).toBe(true);
      const records = await expectSound(simulation);
      expect((await stateOf(simulation)).status).toBe("completed");
      expect(eventsOf(records, "ShiftDone").map(({ step }) => step)).toEqual(["p1", "p2"]);
      simulation.stop();
    });
  }

  it("stream records told twice send no message twice and start no machine twice", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const sent: string[] = [];
    const { runtime } = simulation.control;
    runtime.channel.send = async ({ key }) => {
      sent.push(key);
      return { via: "test" };
    };
    await runToSecond(simulation, 30);
    await ask(simulation, { type: "Rollback" });
    await runToSecond(simulation, 100);
    const { publish } = await import("@gonogo/functions/events/publish");
    for (const record of await simulation.records()) {
      const NewImage = { sk: { S: "EVENT#1" }, doc: { S: JSON.stringify(record) } };
      const Records = [{ eventName: "INSERT", dynamodb: { SequenceNumber: "1", NewImage } }];
      await simulation.control.during(() => publish(runtime, { Records }));
    }
    const before = sent.length;
    await runToSecond(simulation, 300);
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toHaveLength(before);
    expect(before).toBeGreaterThan(0);
    simulation.stop();
  });

  it("a late signal after the end is written down with the release that listened last", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    await ask(simulation, { type: "Rollback" });
    await runToSecond(simulation, 100);
    await tell(simulation);
    await tell(simulation, { state: "ok" });
    const records = await expectSound(simulation);
    expect(eventsOf(records, "SignalIgnored").map(({ why }) => why)).toEqual(["ended", "ended"]);
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });
});
