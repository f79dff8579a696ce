import type { PlanInput } from "@gonogo/core/plan/schema";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { lambda, phase, shortPlan } from "../invariants/plans.ts";
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

/** So many alarms, two a trigger; all of them are of CloudWatch. */
function manyAlarms(count: number, respond: "rollback" | "evaluate"): Partial<PlanInput> {
  const named = (n: number) => ({ from: "cloudwatch" as const, name: `Alarm${n}` });
  const triggers = Array.from({ length: count / 2 }, (_, n) => ({
    id: `t${n}`,
    says: `part ${n} looks bad`,
    signals: [named(2 * n), named(2 * n + 1)],
    respond,
    owner: "Ops",
  }));
  return { triggers };
}

describe("alarms that come together, or will not stand still", () => {
  it("two hundred of them are one rollback, with all of them as its causes, told of once", async () => {
    const simulation = await Simulation.begin(shortPlan(manyAlarms(200, "rollback")));
    await runToSecond(simulation, 30);
    for (let n = 0; n < 200; n++) await simulation.setAlarm(`Alarm${n}`, "ALARM");
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    const state = await stateOf(simulation);
    expect(state.status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    expect(eventsOf(records, "RollbackStarted")).toHaveLength(1);
    expect(new Set(state.rollback?.causes?.map(({ alarm }) => alarm)).size).toBeGreaterThan(1);
    const told = eventsOf(records, "MessageDue").filter(({ message }) => message.includes("storm"));
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain(`${state.rollback?.causes?.length} alarms, one rollback`);
    simulation.stop();
  }, 120_000);

  it("one that flaps asks once, is put in quarantine, and is believed again when it is still", async () => {
    const plan = shortPlan({
      alarms: { changes: 4, within: "10 min", calm: "5 min" },
      steps: [phase("p1", "T", 10, { watch: "30 min" })],
      triggers: [
        {
          id: "slow",
          says: "it is slow",
          signals: [{ from: "cloudwatch", name: "Slow" }],
          respond: "notify",
          owner: "Ops",
        },
      ],
    });
    const simulation = await Simulation.begin(plan);
    for (let n = 0; n < 8; n++) {
      await runToSecond(simulation, 60 + n * 30);
      await simulation.setAlarm("Slow", n % 2 === 0 ? "ALARM" : "OK");
    }
    await runToSecond(simulation, 400);
    const state = await stateOf(simulation);
    expect(state.flaps?.["cloudwatch:Slow"]?.quarantine).toBeDefined();
    expect(await simulation.runToEnd()).toBe(true);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "AlarmQuarantined")).toHaveLength(1);
    expect(eventsOf(records, "QuarantineLifted")).toMatchObject([{ why: "calm" }]);
    expect(eventsOf(records, "TriggerFired").length).toBeLessThan(4);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  });

  it("silence on a question rolls back", async () => {
    const plan = shortPlan({
      decisions: { authority: ["CTO"], alone: ["Ops"] },
      triggers: [
        {
          id: "slow",
          says: "it is slow",
          signals: [{ from: "cloudwatch", name: "Slow" }],
          respond: "evaluate",
          decideWithin: "5 min",
          owner: "Ops",
        },
      ],
    });
    const simulation = await Simulation.begin(plan);
    await runToSecond(simulation, 30);
    simulation.punctual = false;
    await simulation.setAlarm("Slow", "ALARM");
    await runToSecond(simulation, 200);
    expect((await stateOf(simulation)).paused).toBeDefined();
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    expect(eventsOf(records, "DecisionTaken")).toMatchObject([{ answer: "nobody answered: rollback" }]);
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });
});

describe("a step from which there is no way back", () => {
  it("waits for its approval; an alarm after it puts back what can go back, and so would what stands by", async () => {
    const plan = shortPlan({
      roles: ["Release Manager", "Ops", "CTO", "Security"].map((name) => ({ name })),
      components: [lambda("api"), lambda("web")],
      steps: [
        phase("p1", "T", 100),
        {
          id: "contract",
          kind: "manual",
          at: "T+3 min",
          do: "Drop the old column",
          owner: "Ops",
          oneWay: { why: "the old version needs it", approvals: ["CTO"], endangers: ["api"] },
        },
        phase("p2", "T+10 min", 10, { component: "web", watch: "30 min" }),
      ],
    });
    const simulation = await Simulation.begin(plan);
    const { standBy } = simulation.control.runtime;
    const stoodBy: string[][] = [];
    const put = standBy.put.bind(standBy);
    standBy.put = async (release, signals, calls) => {
      stoodBy.push(calls.map(({ component }) => component));
      await put(release, signals, calls);
    };
    await runToSecond(simulation, 900);
    const state = await stateOf(simulation);
    expect(stoodBy[0]).toEqual(["api", "web"]);
    expect(stoodBy.at(-1)).toEqual(["web"]);
    expect(state.oneWay?.contract?.CTO).toBeDefined();
    expect(state.steps.contract?.status).toBe("done");
    expect(await routeOf(simulation, "web")).toBe("1+2:0.1");
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    expect(await routeOf(simulation)).toBe("2");
    expect(await routeOf(simulation, "web")).toBe("1");
    expect(eventsOf(records, "RollbackEnded")).toMatchObject([
      {
        outcome: "rolled-back",
        left: [],
        kept: [{ what: "api stays on 2" }, { what: "Drop the old column" }],
      },
    ]);
    simulation.stop();
  });
});
