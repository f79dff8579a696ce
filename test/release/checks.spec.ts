import { no, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look } from "@gonogo/core/check/port";
import { minutes } from "@gonogo/core/kit/duration";
import { type Instant, minus, plus } from "@gonogo/core/kit/instant";
import type { PlanInput } from "@gonogo/core/plan/schema";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { afterEach, describe, expect, it } from "vitest";
import { lambda, shortPlan } from "../invariants/plans.ts";
import { eventsOf, expectSound, typesOf } from "../invariants/world.ts";
import { loadBeside, pass, submitBeside } from "../support/beside.ts";

/** The small release's T; the simulation begins an hour before it. */
const T = "2025-06-04T02:00:00.000Z" as Instant;

/** A probe that says what it is told, and knows how often it was asked. */
class Told implements CheckProbe {
  look_: Look = yes("shop", "well");
  asked = 0;
  async look(): Promise<Look> {
    this.asked += 1;
    return this.look_;
  }
}

const HEALTHY: NonNullable<PlanInput["checklist"]>[number] = {
  id: "healthy",
  check: "The shop is well",
  role: "Ops",
  probe: { kind: "http", url: "https://shop.example.com/health" },
};

const begun: Simulation[] = [];
afterEach(() => {
  for (const simulation of begun.splice(0)) {
    simulation.stop();
    expect(simulation.control.errors).toEqual([]);
  }
});

async function begin(checks: CheckProbe | object, change: Partial<PlanInput> = {}): Promise<Simulation> {
  const simulation = await Simulation.begin(shortPlan({ checklist: [HEALTHY], ...change }), { checks });
  begun.push(simulation);
  return simulation;
}

describe("a release whose checklist a probe answers", () => {
  it("runs, with the probe asked until the first shift and never after", async () => {
    const told = new Told();
    const simulation = await begin(told);
    await simulation.runTo(plus(T, minutes(1)));
    const before = told.asked;
    expect(before).toBeGreaterThan(5);
    expect(await simulation.runToEnd()).toBe(true);
    expect((await simulation.load()).state.status).toBe("completed");
    expect(told.asked).toBe(before);
    const records = await expectSound(simulation);
    const started = records.findIndex(({ event }) => event.type === "ReleaseStarted");
    expect(records[started - 1]?.event).toMatchObject({ type: "CheckProbed", answer: "yes" });
    expect(records[started - 1]?.at).toBe(records[started]?.at);
  });

  it("is closed again by a probe that flips before T, and goes on late by itself when it is well", async () => {
    const told = new Told();
    const simulation = await begin(told);
    await simulation.runTo(minus(T, minutes(30)));
    expect((await simulation.load()).state.status).toBe("ready");
    told.look_ = no("shop", "it answers 503", { value: "503" });
    await simulation.runTo(plus(T, minutes(10)));
    expect((await simulation.load()).state).toMatchObject({ status: "gates", components: {} });
    told.look_ = yes("shop", "well");
    expect(await simulation.runToEnd()).toBe(true);
    const records = await expectSound(simulation);
    expect(eventsOf(records, "GatesClosed")).toEqual([
      { type: "GatesClosed", why: '"The shop is well" does not hold: it answers 503' },
    ]);
    const { t } = (await simulation.load()).state;
    expect(t !== undefined && t > plus(T, minutes(9)) && t < plus(T, minutes(14))).toBe(true);
  });

  it("does not start on a probe that fails at the very start", async () => {
    const told = new Told();
    const simulation = await begin(told);
    await simulation.runTo(minus(T, minutes(1)));
    told.look_ = no("shop", "it answers 503", { value: "503" });
    await simulation.runTo(plus(T, minutes(1)));
    const records = await simulation.records();
    expect(typesOf(records)).not.toContain("ReleaseStarted");
    expect((await simulation.load()).state.status).toBe("gates");
  });

  it("waits for ever, and is aborted in the end, when the deployment knows no such probe", async () => {
    const simulation = await begin({});
    expect(await simulation.runToEnd()).toBe(true);
    const { state } = await simulation.load();
    expect(state.status).toBe("aborted");
    expect(state.probes?.healthy).toMatchObject({
      answer: "unknown",
      saw: { detail: expect.stringContaining("not set up for http") },
    });
    expect(eventsOf(await simulation.records(), "CheckProbed").length).toBeLessThan(200);
  });
});

describe("the time in staging, by gonogo's own log", () => {
  const staged = (id: string, change: Partial<PlanInput> = {}) =>
    shortPlan({ id, approvals: [], environment: "staging", ...change });
  const production = (change: Partial<PlanInput> = {}, soak = "24 h") =>
    shortPlan({
      id: "REL-P",
      approvals: [],
      start: "2025-06-06T02:00:00Z",
      components: [
        { ...lambda("api"), target: { kind: "lambda-alias", function: "api", alias: "live", version: "2" } },
      ],
      checklist: [
        { id: "soaked", check: "It ran in staging", role: "Ops", probe: { kind: "staging", soak } },
      ],
      ...change,
    });

  async function stage(change: Partial<PlanInput> = {}): Promise<Simulation> {
    const simulation = await Simulation.begin(staged("REL-S", change), { checks: {} });
    begun.push(simulation);
    return simulation;
  }

  async function answerFor(simulation: Simulation, plan = production()) {
    await submitBeside(simulation, plan);
    await pass(simulation, 1);
    const { answer, saw } = (await loadBeside(simulation, plan.id)).state.probes?.soaked ?? {};
    return { answer, detail: saw?.detail ?? "" };
  }

  it("is enough after a day with all traffic, and opens the gates by itself when it gets to be", async () => {
    const simulation = await stage();
    await simulation.runToEnd();
    await pass(simulation, 60);
    expect(await answerFor(simulation)).toMatchObject({
      answer: "no",
      detail: expect.stringMatching(/not for (24 h|1 day)/),
    });
    await pass(simulation, 23 * 60);
    const { state } = await loadBeside(simulation, "REL-P");
    expect(state.status).toBe("ready");
    expect(state.probes?.soaked?.saw.value).toBe("REL-S: api 2");
  });

  it("is fifteen minutes for what a plan calls a hotfix", async () => {
    const simulation = await stage();
    await simulation.runToEnd();
    await pass(simulation, 16);
    expect(await answerFor(simulation, production({}, "15 min"))).toMatchObject({ answer: "yes" });
  });

  it.each([
    ["of another version", { components: [lambda("api", "3")] }],
    ["in another environment", { environment: "test" }],
    ["that never had all traffic", { steps: [{ ...shortPlan().steps[0] }] as PlanInput["steps"] }],
  ])("does not count a release %s", async (_, change) => {
    const simulation = await stage(change);
    await simulation.runToEnd();
    await pass(simulation, 26 * 60);
    expect(await answerFor(simulation)).toMatchObject({ answer: "no" });
  });

  it("does not count a release of the same version that was rolled back", async () => {
    const simulation = await stage();
    await simulation.runTo(plus(T, minutes(4)));
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    expect((await simulation.load()).state.status).toBe("rolled-back");
    await pass(simulation, 26 * 60);
    expect(await answerFor(simulation)).toMatchObject({
      answer: "no",
      detail: "no release brought api 2 to all traffic and left it there",
    });
  });

  it("ends when another release moves the component on", async () => {
    const simulation = await stage();
    await simulation.runToEnd();
    const next = staged("REL-NEXT", { start: "2025-06-04T03:00:00Z", components: [lambda("api", "3")] });
    await submitBeside(simulation, next);
    await pass(simulation, 26 * 60);
    expect(await answerFor(simulation)).toMatchObject({
      answer: "no",
      detail: expect.stringContaining("REL-S"),
    });
  });

  it("does not take another function's version 2 for this one's", async () => {
    const simulation = await stage({
      components: [
        {
          ...lambda("api"),
          target: { kind: "lambda-alias", function: "api-staging", alias: "prod", version: "2" },
        },
      ],
    });
    await simulation.runToEnd();
    await pass(simulation, 26 * 60);
    expect(await answerFor(simulation)).toMatchObject({ answer: "no" });
  });
});
