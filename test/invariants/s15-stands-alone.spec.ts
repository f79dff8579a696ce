import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { DIED, setFault, strike } from "./faults.ts";
import { lambda, phase, shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const isStore = (call: { service: string }) => call.service === "dynamodb";

/** The clock only: while the store is away nobody can look at the release, and nobody is at work. */
async function pass(simulation: Simulation, seconds: number): Promise<void> {
  await simulation.control.clock.advance(seconds * 1000);
}

describe("S15 stands alone", () => {
  for (const second of [1, 30, 119, 121, 185, 290]) {
    it(`an alarm ${second} s after T puts the alias back with the store gone, and the log is whole after`, async () => {
      const simulation = await Simulation.begin(shortPlan());
      await runToSecond(simulation, second);
      const before = await routeOf(simulation);
      setFault(simulation, strike(isStore));
      await simulation.setAlarm("Api5xx", "ALARM");
      await pass(simulation, 30);
      expect(before).not.toBe("1");
      expect(await routeOf(simulation)).toBe("1");
      await pass(simulation, 1800);
      setFault(simulation, undefined);
      await simulation.runToEnd();
      expect((await stateOf(simulation)).status).toBe("rolled-back");
      expect(await routeOf(simulation)).toBe("1");
      // Whoever acted alone tries every few minutes to write it down.
      await pass(simulation, 900);
      const records = await expectSound(simulation);
      expect(eventsOf(records, "RolledBackAlone")).toMatchObject([
        { results: [{ component: "api", ok: true }] },
      ]);
      expect(eventsOf(records, "RollbackStarted")).toHaveLength(1);
      simulation.stop();
    });
  }

  it("with everything else gone besides", async () => {
    const plan = shortPlan({
      components: [lambda("api"), lambda("web")],
      steps: [
        phase("p1", "T", 10, { watch: "5 min" }),
        phase("w1", "T", 50, { component: "web", watch: "9 min" }),
      ],
    });
    const simulation = await Simulation.begin(plan);
    const { runtime } = simulation.control;
    await runToSecond(simulation, 30);
    runtime.channel.send = async () => {
      throw new Error("Slack is down");
    };
    runtime.metrics.read = async () => {
      throw new Error("no metrics");
    };
    setFault(
      simulation,
      strike(({ service }) => ["dynamodb", "cloudwatch", "scheduler"].includes(service)),
    );
    await simulation.setAlarm("Api5xx", "ALARM");
    await pass(simulation, 20);
    expect([await routeOf(simulation), await routeOf(simulation, "web")]).toEqual(["1", "1"]);
    setFault(simulation, undefined);
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    await expectSound(simulation);
    simulation.stop();
  });

  it("a store that goes away in the middle of an ordinary rollback does not stop it", async () => {
    for (const calls of [1, 3, 5, 8, 12]) {
      const simulation = await Simulation.begin(shortPlan());
      await runToSecond(simulation, 30);
      let begun = false;
      let since = 0;
      setFault(simulation, async (call, proceed) => {
        if (call.service !== "dynamodb") return await proceed();
        if (begun && ++since > calls) return DIED;
        const answer = await proceed();
        if (call.operation === "TransactWriteItems" && JSON.stringify(call.input).includes("RollbackStarted"))
          begun = true;
        return answer;
      });
      await simulation.setAlarm("Api5xx", "ALARM");
      await pass(simulation, 60);
      expect(await routeOf(simulation), `${calls}`).toBe("1");
      setFault(simulation, undefined);
      await simulation.runToEnd();
      expect((await stateOf(simulation)).status).toBe("rolled-back");
      await expectSound(simulation);
      simulation.stop();
    }
  });

  it("a store that is away does not let anything advance", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    setFault(simulation, strike(isStore));
    await pass(simulation, 3600);
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    setFault(simulation, undefined);
    expect(await simulation.runToEnd()).toBe(true);
    await expectSound(simulation);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  });

  it("two alarms while it is away are one rollback, and a late shift in flight does not come back", async () => {
    const base = shortPlan();
    const second = {
      ...base.triggers[0],
      id: "t2",
      signals: [{ from: "cloudwatch" as const, name: "Second" }],
    };
    const plan = shortPlan({
      triggers: [...base.triggers, { ...second, owner: "Ops", respond: "rollback" }],
    });
    const simulation = await Simulation.begin(plan);
    await runToSecond(simulation, 30);
    setFault(simulation, strike(isStore));
    await simulation.setAlarm("Api5xx", "ALARM");
    await pass(simulation, 5);
    await simulation.setAlarm("Second", "ALARM");
    await pass(simulation, 300);
    expect(await routeOf(simulation)).toBe("1");
    setFault(simulation, undefined);
    await simulation.runToEnd();
    await pass(simulation, 3600);
    const records = await expectSound(simulation);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(eventsOf(records, "RollbackStarted")).toHaveLength(1);
    simulation.stop();
  });

  it("the stand-by is up before the first shift and down after the end, so that an old alarm does nothing", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const { kernel } = simulation.control.engine;
    const rules = async () => {
      const answer = await kernel.call("events", "ListRules", { NamePrefix: "gonogo-standby" });
      return (answer as { Rules: unknown[] }).Rules.length;
    };
    const atShift: number[] = [];
    setFault(simulation, async (call, proceed) => {
      if (call.operation === "UpdateAlias") atShift.push(await rules());
      return await proceed();
    });
    await simulation.runToEnd();
    expect(atShift).toEqual([1, 1]);
    expect(await rules()).toBe(0);
    setFault(simulation, strike(isStore));
    await simulation.setAlarm("Api5xx", "ALARM");
    await pass(simulation, 600);
    expect(await routeOf(simulation)).toBe("2");
    simulation.stop();
  });

  it("and down even where every event that says so is lost", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 200);
    simulation.control.engine.events.disturb = () => [50 * 86_400_000];
    await ask(simulation, { type: "Rollback" });
    await simulation.runToEnd();
    const answer = await simulation.control.engine.kernel.call("events", "ListRules", {
      NamePrefix: "gonogo-standby",
    });
    expect((answer as { Rules: unknown[] }).Rules).toEqual([]);
    simulation.stop();
  });
});
