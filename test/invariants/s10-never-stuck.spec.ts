import type { Instant } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { DIED, setFault } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-09-30T00:00:00.000Z" as Instant;

/** All history events of all executions of a machine. */
async function historyOf(simulation: Simulation, machine: "rollout" | "rollback"): Promise<number> {
  const { kernel } = simulation.control.engine;
  const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:gonogo-${machine}`;
  const { executions } = (await kernel.call("states", "ListExecutions", { stateMachineArn })) as {
    executions: { executionArn: string }[];
  };
  let total = 0;
  for (const { executionArn } of executions) {
    let nextToken: string | undefined;
    do {
      const page = (await kernel.call("states", "GetExecutionHistory", {
        executionArn,
        maxResults: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      })) as { events: unknown[]; nextToken?: string };
      total += page.events.length;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return total;
}

describe("S10 never stuck", () => {
  it("a token that is lost, so that nobody is woken, is found by the wait's own time-out or the sweep", async () => {
    const simulation = await Simulation.begin(shortPlan());
    setFault(simulation, async (call, proceed) =>
      call.operation === "SendTaskSuccess" ? DIED : await proceed(),
    );
    expect(await simulation.runToEnd()).toBe(true);
    await expectSound(simulation);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  });

  it("a schedule that is lost is found by the sweep within a few minutes", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 5);
    let isLost = true;
    setFault(simulation, async (call, proceed) => {
      const isVisit = call.operation === "UpdateSchedule" || call.operation === "CreateSchedule";
      return isVisit && isLost ? DIED : await proceed();
    });
    const { kernel } = simulation.control.engine;
    const { Schedules } = (await kernel.call("scheduler", "ListSchedules", { GroupName: "releases" })) as {
      Schedules: { Name: string }[];
    };
    for (const { Name } of Schedules.filter((one) => one.Name.startsWith("release-"))) {
      await kernel.call("scheduler", "DeleteSchedule", { Name, GroupName: "releases" });
    }
    // With no visits the alarm that nobody was told of is only seen by the sweep.
    setFault(simulation, async (call, proceed) => {
      const isVisit = call.operation === "UpdateSchedule" || call.operation === "CreateSchedule";
      return (isVisit && isLost) || call.operation === "PutEvents" ? DIED : await proceed();
    });
    simulation.control.engine.events.disturb = () => [40 * 86_400_000];
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 400);
    isLost = false;
    expect((await stateOf(simulation)).rollback).toBeDefined();
    await runToSecond(simulation, 800);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });

  it("after the end too: with every schedule lost the sweep finds what people owe, and then leaves it", async () => {
    const simulation = await Simulation.begin(
      shortPlan({
        obligations: [{ id: "load-test", what: "Test the load", role: "Ops", within: "2 d", blocks: true }],
      }),
    );
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("completed");
    const { kernel } = simulation.control.engine;
    const schedules = async () =>
      (
        (await kernel.call("scheduler", "ListSchedules", { GroupName: "releases" })) as {
          Schedules: { Name: string }[];
        }
      ).Schedules;
    for (const { Name } of await schedules()) {
      await kernel.call("scheduler", "DeleteSchedule", { Name, GroupName: "releases" });
    }
    await runToSecond(simulation, 3 * 86_400);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ObligationReminded")).toHaveLength(1);
    expect(eventsOf(records, "ObligationOverdue")).toEqual([
      { type: "ObligationOverdue", obligation: "load-test", role: "Ops" },
    ]);
    const told = eventsOf(records, "MessageSent").filter(({ message }) => message.includes("load-test"));
    expect(told).toHaveLength(2);
    // All has been said: neither a schedule nor the sweep looks after it any more.
    expect(await schedules()).toEqual([]);
    const { runtime } = simulation.control;
    const left = await simulation.control.during(() => runtime.store.leftovers("visits", { limit: 10 }));
    expect(left.items).toEqual([]);
    const before = records.length;
    await runToSecond(simulation, 30 * 86_400);
    expect((await simulation.records()).length).toBe(before);
    expect(
      (await simulation.control.during(() => runtime.store.leftovers("open", { limit: 10 }))).items,
    ).toEqual(["REL-S"]);
    simulation.stop();
  });

  it("every event on gonogo's own bus lost: the release still ends, and its messages are sent", async () => {
    const simulation = await Simulation.begin(shortPlan());
    setFault(simulation, async (call, proceed) => (call.operation === "PutEvents" ? DIED : await proceed()));
    expect(await simulation.runUntil(({ state }) => state.status === "completed", END)).toBe(true);
    await expectSound(simulation);
    simulation.stop();
  });

  it("a rollback of which every event is lost ends all the same", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    simulation.control.engine.events.disturb = () => [40 * 86_400_000];
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    simulation.stop();
  });

  it("executions that die are started anew, and nothing is shifted twice", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const { kernel } = simulation.control.engine;
    for (const second of [-200, 10, 60, 200]) {
      await runToSecond(simulation, second);
      const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:gonogo-rollout";
      const { executions } = (await kernel.call("states", "ListExecutions", {
        stateMachineArn,
        statusFilter: "RUNNING",
      })) as { executions: { executionArn: string }[] };
      expect(executions).toHaveLength(1);
      for (const { executionArn } of executions) {
        await simulation.control.during(() => kernel.call("states", "StopExecution", { executionArn }));
      }
    }
    expect(await simulation.runToEnd()).toBe(true);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ShiftDone").map(({ step }) => step)).toEqual(["p1", "p2"]);
    simulation.stop();
  });

  it("a person who never comes costs a machine few history events, and silence has its consequence", async () => {
    const plan = shortPlan({
      steps: [
        { id: "look", kind: "manual", at: "T-5 min", do: "Look around", owner: "Ops" },
        ...shortPlan().steps,
      ],
      limits: { maxDuration: "2 d" },
    });
    const simulation = await Simulation.begin(plan);
    await runToSecond(simulation, -400);
    simulation.punctual = false;
    expect(await simulation.runToEnd()).toBe(true);
    const state = await stateOf(simulation);
    expect(state.status).toBe("rolled-back");
    expect(state.rollback?.cause).toContain("It has run for 2 days, its longest");
    expect(await historyOf(simulation, "rollout")).toBeLessThan(1000);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "StepOverdue")).toHaveLength(1);
    simulation.stop();
  });

  it("gates that nobody opens end the release", async () => {
    const simulation = await Simulation.begin(shortPlan());
    simulation.punctual = false;
    expect(await simulation.runToEnd()).toBe(true);
    expect((await stateOf(simulation)).status).toBe("aborted");
    simulation.stop();
  });

  it("a shift whose record was lost and one that was never written are both gone on with", async () => {
    for (const how of ["before", "after"] as const) {
      const simulation = await Simulation.begin(shortPlan());
      let struck = 0;
      setFault(simulation, async (call, proceed) => {
        if (call.operation !== "UpdateAlias" || struck >= 3) return await proceed();
        struck += 1;
        if (how === "after") await proceed();
        return DIED;
      });
      expect(await simulation.runToEnd()).toBe(true);
      const records = await expectSound(simulation);
      expect(eventsOf(records, "ShiftDone").map(({ step }) => step)).toEqual(["p1", "p2"]);
      simulation.stop();
    }
  });

  it("traffic that was to be taken off and was not, because whoever did it died, is taken off", async () => {
    const base = shortPlan();
    const plan = shortPlan({
      triggers: [
        ...base.triggers,
        {
          id: "slow",
          says: "it is slow",
          signals: [{ from: "cloudwatch", name: "Slow" }],
          respond: "reduce",
          reduceTo: 1,
          component: "api",
          owner: "Ops",
        },
      ],
    });
    for (const lost of ["the event", "the write", "the record"]) {
      const simulation = await Simulation.begin(plan);
      await runToSecond(simulation, 30);
      let struck = false;
      setFault(simulation, async (call, proceed) => {
        const isIt =
          lost === "the event" ? call.operation === "PutEvents" : call.operation === "UpdateAlias" && !struck;
        if (!isIt) return await proceed();
        struck = true;
        if (lost === "the record") await proceed();
        return DIED;
      });
      await simulation.setAlarm("Slow", "ALARM");
      await runToSecond(simulation, 400);
      setFault(simulation, undefined);
      expect(await routeOf(simulation), lost).toBe("1+2:0.01");
      expect((await stateOf(simulation)).components.api?.intended, lost).toBeUndefined();
      await simulation.setAlarm("Slow", "OK");
      await ask(simulation, { type: "Resume" });
      await simulation.runToEnd();
      expect((await stateOf(simulation)).status, lost).toBe("completed");
      await expectSound(simulation);
      simulation.stop();
    }
  });

  it("a manual phase that was reported as failed can be done again", () => {
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
    drive.person({ type: "CompleteStep", step: "p1", ok: false, output: "the console was down" });
    expect(drive.state.steps.p1?.status).toBe("failed");
    drive.person({ type: "Retry" });
    drive.settle();
    expect(drive.state.steps.p1?.status).toBe("shifting");
    drive.person({ type: "CompleteStep", step: "p1", ok: true });
    expect(drive.state.steps.p1?.status).toBe("watching");
  });
});
