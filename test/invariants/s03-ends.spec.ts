import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { DIED, Held, isShift, setFault } from "./faults.ts";
import { lambda, phase, shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, runToSecond, stateOf, typesOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;

/** Every state that a release can be in, and how it gets there. */
const STATES: Record<string, (drive: Drive) => void> = {
  "before anybody has approved": () => {},
  "with the checklist answered No": (drive) => {
    drive.openGates();
    drive.ask(
      { kind: "person", id: "psn_o", roles: ["Ops"] },
      { type: "AnswerCheck", check: "signed", answer: "no" },
    );
  },
  "ready, before its time": (drive) => drive.openGates(),
  "kept from starting by a red alarm": (drive) => {
    drive.openGates();
    drive.world.redden("Api5xx", drive.now);
    drive.runUntil(() => drive.state.startHeld.length > 0, END);
  },
  "started, before the first shift": (drive) => {
    drive.openGates();
    drive.punctual = false;
    drive.runUntil(() => drive.state.steps.freeze?.status === "running", END);
  },
  "with a manual step failed": (drive) => {
    drive.openGates();
    drive.punctual = false;
    drive.runUntil(() => drive.state.steps.freeze?.status === "running", END);
    drive.person({ type: "CompleteStep", step: "freeze", ok: false });
  },
  "while the first phase is watched": (drive) => reach(drive, "p1", "watching"),
  "with a phase held": (drive) => {
    drive.openGates();
    drive.world.values.set("errors", { value: 2, count: 10_000 });
    drive.runUntil(() => drive.state.steps.p1?.status === "held", END);
  },
  paused: (drive) => {
    reach(drive, "p1", "watching");
    drive.person({ type: "Pause" });
  },
  "with a trigger to be evaluated": (drive) => {
    reach(drive, "p3", "watching");
    drive.signal({ source: "sentry", name: "Crash-free sessions" });
  },
  "after another hand has changed the target": (drive) => {
    reach(drive, "p1", "watching");
    drive.world.tamper("api", { primary: "7", secondary: "8", share: 60 });
    drive.visit();
  },
  "past its limit": (drive) => {
    reach(drive, "p1", "watching");
    drive.now = fromMillis(toMillis(drive.at(0)) + 15 * 86_400_000);
    drive.visit();
  },
  validating: (drive) => {
    drive.world.values.delete("stars");
    drive.openGates();
    drive.runUntil(({ status }) => status === "validating", END);
  },
  baking: (drive) => {
    drive.openGates();
    drive.runUntil(({ status }) => status === "validating", END);
    drive.person({ type: "RecordValidation", validation: "metric-stars", pass: true, result: "4.6" });
    drive.settle();
  },
};

function reach(drive: Drive, step: string, status: string): void {
  drive.openGates();
  drive.runUntil(() => drive.state.steps[step]?.status === status, END);
}

function begin(): Drive {
  const base = samplePlan();
  const plan = samplePlan({
    metrics: [...base.metrics, { id: "stars", name: "Stars", threshold: ">= 4 stars", owner: "Mobile Lead" }],
    limits: { bake: "1 h" },
  });
  return new Drive(plan, EVE);
}

describe("S3 ends: a rollback from every state", () => {
  for (const [name, bring] of Object.entries(STATES)) {
    for (const type of ["Rollback", "Abort"] as const) {
      it(`${type} ${name} wins at once and puts everything back`, () => {
        const drive = begin();
        bring(drive);
        const touched = Object.values(drive.state.components).some((component) => component.touched);
        expect(drive.person({ type })).toMatchObject({ ok: true });
        expect(["rolling-back", "aborted"]).toContain(drive.state.status);
        drive.punctual = true;
        drive.runUntil(({ endedAt }) => endedAt !== undefined, END);
        expect(drive.state.status).toBe(
          type === "Rollback" || touched || drive.state.rollback !== undefined ? "rolled-back" : "aborted",
        );
        expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "7", share: 0 });
        expect(drive.state.incident === undefined).toBe(!touched);
        expect(Object.keys(drive.state.decisions)).toEqual([]);
      });
    }
  }

  it("during another rollback of all of it changes nothing and says which one is under way", () => {
    const drive = begin();
    reach(drive, "p2", "watching");
    drive.person({ type: "Rollback" }, "the first");
    expect(drive.person({ type: "Rollback" }, "the second")).toMatchObject({
      ok: false,
      rejection: { code: "rollback.running", message: expect.stringContaining("the first") },
    });
    expect(drive.state.rollback?.n).toBe(1);
  });

  it("during a rollback of a part takes in the rest, by an alarm as by a person", () => {
    for (const by of ["alarm", "person"] as const) {
      const base = samplePlan();
      const plan = samplePlan({
        triggers: [
          ...base.triggers,
          {
            id: "app-only",
            says: "the app is bad",
            signals: [{ from: "webhook", name: "app" }],
            respond: "rollback",
            component: "app",
            owner: "Ops",
          },
        ],
      });
      const drive = new Drive(plan, EVE);
      reach(drive, "p3", "watching");
      drive.signal({ source: "webhook", name: "app" });
      expect(drive.state.rollback?.scope).toEqual(["app"]);
      if (by === "alarm") drive.signal({ name: "Api5xx" });
      else expect(drive.person({ type: "Rollback" })).toMatchObject({ ok: true });
      expect(drive.state.rollback).toMatchObject({ n: 2, scope: ["app", "api"] });
      drive.runUntil(({ endedAt }) => endedAt !== undefined, END);
      expect(drive.state.status).toBe("rolled-back");
      expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "7", share: 0 });
      // Once it takes in everything, nothing more is begun.
      expect(drive.log.filter(({ event }) => event.type === "RollbackStarted")).toHaveLength(2);
    }
  });

  it("while a shift is in flight, whichever of the two is written first", async () => {
    for (const letGoAt of [3, 20]) {
      const simulation = await Simulation.begin(shortPlan());
      const held = new Held();
      setFault(simulation, held.fault(simulation.control.engine.kernel, isShift));
      await runToSecond(simulation, 2);
      await ask(simulation, { type: "Rollback" });
      await runToSecond(simulation, letGoAt);
      held.letGo();
      await runToSecond(simulation, 120);
      expect((await stateOf(simulation)).status).toBe("rolled-back");
      expect(await routeOf(simulation)).toBe("1");
      await expectSound(simulation);
      simulation.stop();
    }
  });

  it("puts back two components, the later one first, and goes on past one that does not answer", async () => {
    const plan = shortPlan({
      components: [lambda("api"), lambda("web")],
      steps: [
        phase("p1", "T", 100, { watch: "1 min" }),
        phase("w1", "T+2 min", 50, { component: "web", watch: "10 min" }),
      ],
    });
    const simulation = await Simulation.begin(plan);
    await runToSecond(simulation, 200);
    expect([await routeOf(simulation), await routeOf(simulation, "web")]).toEqual(["2", "1+2:0.5"]);
    const { engine } = simulation.control;
    setFault(simulation, async (call, proceed) => {
      const { FunctionName } = (call.input ?? {}) as { FunctionName?: string };
      return isShift(call) && FunctionName === "web" ? DIED : await proceed();
    });
    await simulation.setAlarm("Api5xx", "ALARM");
    await runToSecond(simulation, 260);
    expect(await routeOf(simulation)).toBe("1");
    await simulation.runToEnd();
    const state = await stateOf(simulation);
    expect(state.status).toBe("rollback-unconfirmed");
    expect(state.rollback?.left).toEqual([expect.stringContaining("web is on 1")]);
    expect(Object.values(state.messages).some(({ audience }) => audience === "page")).toBe(true);
    const locks = await engine.kernel.call("dynamodb", "GetItem", {
      TableName: "releases",
      Key: { pk: { S: "LOCK#lambda-alias/us-east-1/web/prod" }, sk: { S: "LOCK" } },
    });
    expect(JSON.stringify(locks)).toContain("REL-S");

    // And from there it is tried again, and ends.
    setFault(simulation, undefined);
    expect(await ask(simulation, { type: "Rollback" })).toMatchObject({ ok: true });
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation, "web")).toBe("1");
    await expectSound(simulation);
    simulation.stop();
  });

  it("leaves what a stranger put there, and says so", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    const { kernel } = simulation.control.engine;
    await kernel.call("lambda", "PublishVersion", { FunctionName: "api" });
    await kernel.call("lambda", "UpdateAlias", {
      FunctionName: "api",
      Name: "prod",
      FunctionVersion: "3",
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
    await ask(simulation, { type: "Rollback" });
    await simulation.runToEnd();
    const state = await stateOf(simulation);
    expect(state.status).toBe("rollback-unconfirmed");
    expect(await routeOf(simulation)).toBe("3");
    const records = await expectSound(simulation);
    expect(eventsOf(records, "RollbackItemFailed")[0]?.detail).toContain("version 3 is neither 1 nor 2");
    simulation.stop();
  });

  it("waits for what people undo by hand, and after four hours names what is left", () => {
    const drive = begin();
    reach(drive, "p1", "watching");
    drive.punctual = false;
    drive.person({ type: "Rollback" });
    drive.runUntil(({ endedAt }) => endedAt !== undefined, END);
    expect(drive.state.status).toBe("rollback-unconfirmed");
    expect(drive.state.rollback?.left).toEqual(["Unfreeze main (Ops)"]);
    expect(toMillis(drive.now) - toMillis(drive.state.rollback?.startedAt ?? drive.now)).toBe(4 * 3_600_000);
    // What was done by hand is not asked for a second time.
    drive.person({ type: "Rollback" });
    drive.person({ type: "CompletePutBack", item: "undo-freeze", ok: true });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.status).toBe("rolled-back");
    expect(typesOf(drive.log).filter((type) => type === "IncidentOpened")).toHaveLength(1);
  });
});
