import { RehearsalCheck } from "@gonogo/adapters/history/index";
import { hours } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, minus, plus, toMillis } from "@gonogo/core/kit/instant";
import { rehearsalPlan } from "@gonogo/core/rehearsal/derive";
import { drillsOf, measuredRollback } from "@gonogo/core/rehearsal/drills";
import type { Loaded } from "@gonogo/core/release/ports";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterEach, describe, expect, it } from "vitest";
import { lambda, shortPlan } from "../invariants/plans.ts";
import { eventsOf } from "../invariants/world.ts";
import { askBeside, loadBeside, pass } from "../support/beside.ts";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const begun: VirtualApi[] = [];
afterEach(() => {
  for (const api of begun.splice(0)) {
    api.simulation.stop();
    expect(api.simulation.control.errors).toEqual([]);
  }
});

/** The small plan with a staging alias of the same function to be rehearsed on. */
const text = (id: string, alias = "staging", version = "42") =>
  `${smallPlan({ id }).replace('version: "42"', `version: "${version}"`)}rehearse:
  targets:
    orders-api: { kind: lambda-alias, function: orders-api, alias: ${alias} }
`;

async function open(): Promise<VirtualApi> {
  const api = await virtualApi();
  begun.push(api);
  const { control } = api.simulation;
  await control.during(() =>
    control.engine.kernel.call("lambda", "CreateAlias", {
      FunctionName: "orders-api",
      Name: "staging",
      FunctionVersion: "41",
    }),
  );
  return api;
}

async function rehearse(api: VirtualApi, more: object = {}, key = "r1", body = text("REL-B")) {
  const sent = { as: "pipeline", key, body: { text: body, ...more } };
  return await api.ask("POST", "/v1/rehearsals", sent);
}

async function stagingOf({ simulation }: VirtualApi): Promise<string> {
  const { kernel } = simulation.control.engine;
  const alias = (await kernel.call("lambda", "GetAlias", {
    FunctionName: "orders-api",
    Name: "staging",
  })) as {
    FunctionVersion: string;
  };
  return alias.FunctionVersion;
}

describe("a rehearsal, over the API", () => {
  it("shifts the counterpart, puts it back by itself, and is the evidence that the probe reads", async () => {
    const api = await open();
    const answer = await rehearse(api);
    expect(answer.status).toBe(201);
    const id = String(answer.json.release);
    expect((await rehearse(api)).json.release).toBe(id);
    await pass(api.simulation, 15);
    const loaded = await loadBeside(api.simulation, id);
    expect(loaded.state.status).toBe("rolled-back");
    expect(loaded.state.incident).toBeUndefined();
    expect(loaded.state.rehearsal).toMatchObject({
      of: "REL-B",
      to: "phase-2",
      outcome: "confirmed",
      components: [{ component: "orders-api", previous: "41", next: "42" }],
      verified: ["orders-api: 41 at 100 %"],
      left: [],
    });
    expect(await stagingOf(api)).toBe("41");
    const { control } = api.simulation;
    const records = await control.during(() => control.runtime.store.records(id, 1, loaded.seq));
    expect(eventsOf(records, "ShiftDone").map(({ percent }) => percent)).toEqual([10, 100]);
    const list = await api.ask("GET", "/v1/rehearsals", { as: "release-manager" });
    expect(list.json.items).toMatchObject([{ release: id, outcome: "confirmed", environment: "staging" }]);
    const drills = await api.ask("GET", "/v1/drills", { as: "release-manager" });
    expect(drills.json.items).toEqual([]);
    const preview = await api.ask("POST", "/v1/plans/preview", {
      as: "release-manager",
      body: { text: text("REL-B") },
    });
    expect(preview.json.rollback).toMatchObject({ release: id });
  });

  it("goes to the phase that is asked for, and no further", async () => {
    const api = await open();
    const { json } = await rehearse(api, { to: "phase-1", environment: "Staging" });
    await pass(api.simulation, 15);
    const { state } = await loadBeside(api.simulation, String(json.release));
    expect(state.rehearsal).toMatchObject({ to: "phase-1", outcome: "confirmed" });
    expect(Object.keys(state.steps)).toEqual(["phase-1"]);
  });

  it.each([
    [
      "another environment",
      { environment: "production" },
      text("REL-B"),
      "rehearsal.impossible",
      "rehearsed in staging",
    ],
    [
      "a phase that there is not",
      { to: "phase-9" },
      text("REL-B"),
      "rehearsal.impossible",
      "phase-1 or phase-2",
    ],
    ["a plan that does not say where", {}, smallPlan({ id: "REL-B" }), "rehearsal.impossible", "rehearse:"],
    ["its own target", {}, text("REL-B", "live"), "plan.invalid", "this plan releases to"],
    [
      "another release's live target, under another name",
      {},
      text("REL-B").replace("alias: live", "alias: elsewhere").replace("alias: staging", "alias: live"),
      "rehearsal.live-target",
      "REL-SMALL",
    ],
  ])("refuses %s", async (_, more, body, code, why) => {
    const api = await open();
    const refused = await rehearse(api, more, "k", body);
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({ code, detail: expect.stringContaining(why) });
  });

  it("that is stopped before its phase is incomplete, and proves nothing", async () => {
    const api = await open();
    const { json } = await rehearse(api);
    const id = String(json.release);
    await pass(api.simulation, 1.5);
    const actor = { kind: "person" as const, id: "psn_x", roles: ["Release Manager"] };
    await askBeside(api.simulation, id, actor, { type: "Rollback" });
    await pass(api.simulation, 10);
    const { state } = await loadBeside(api.simulation, id);
    expect(state.rehearsal?.outcome).toBe("incomplete");
    expect(await lookAt([await loadBeside(api.simulation, id)])).toMatchObject({ answer: "no" });
  });
});

const NOW = "2026-05-06T00:00:00.000Z" as Instant;
const ours = (version = "42") =>
  shortPlan({
    id: "REL-P",
    components: [lambda("api", version)],
    rehearse: { targets: { api: { kind: "lambda-alias", function: "api", alias: "staging" } } },
  });

/** A rehearsal in the log, as it ended. */
function past(change: object = {}, ago = hours(1), next = "42"): Loaded {
  const derived = rehearsalPlan(ours(next), { id: "REL-P.R-1", now: minus(NOW, ago) });
  if (!derived.ok) throw new Error(derived.message);
  const state = {
    id: "REL-P.R-1",
    environment: "staging",
    submittedAt: minus(NOW, ago),
    components: { api: { next, previous: "41", touched: true } },
    rehearsal: {
      outcome: "confirmed",
      at: minus(NOW, ago),
      took: "4s",
      left: [],
      components: [{ component: "api", previous: "41", next, back: "3s" }],
      ...change,
    },
  };
  return { plan: derived.plan, state: state as never, seq: 1, head: "" as never };
}

function lookAt(log: readonly Loaded[], plan = ours()) {
  const store = {
    list: async (which: string) => ({
      items:
        which === "active" ? [] : log.map(({ state }) => ({ id: state.id, environment: state.environment })),
    }),
    load: async (id: string) => log.find(({ state }) => state.id === id),
  };
  const component = plan.components[0]?.id ?? "";
  const probe = { kind: "rehearsal", environment: "Staging", within: hours(7 * 24), component } as const;
  return new RehearsalCheck({ store: store as never }).look({ probe, plan, now: NOW } as never);
}

describe("the proof that a way back was rehearsed", () => {
  const week = toMillis(NOW) - 7 * 86_400_000;

  it.each([
    ["an hour ago", past(), "yes", "put back in 4 s"],
    ["seven days ago", past({ at: fromMillis(week) }), "yes", "7 days old"],
    ["seven days and a minute ago", past({ at: fromMillis(week - 60_000) }), "no", "more than 7 days"],
    ["of another version", past({}, hours(1), "41"), "no", "was not rehearsed"],
    [
      "that ended unconfirmed",
      past({ outcome: "unconfirmed", left: ["api is on 42"] }),
      "no",
      "api is on 42",
    ],
    ["that was stopped half-way", past({ outcome: "incomplete" }), "no", "incomplete"],
    [
      "of another component",
      past({ components: [{ component: "web", previous: "1", next: "42" }] }),
      "no",
      "not rehearsed",
    ],
    ["by a clock that is ahead", past({ at: plus(NOW, hours(1)) }), "unknown", "in the future"],
  ])("%s", async (_, entry, answer, detail) => {
    const look = await lookAt([entry]);
    expect(look.answer).toBe(answer);
    expect(look.saw.detail).toContain(detail);
  });

  it("without any is no", async () => expect(await lookAt([])).toMatchObject({ answer: "no" }));
});

describe("drills", () => {
  it("are due so long after the last that worked, and at once where there was none", () => {
    const production = { plan: ours(), state: { id: "REL-P", submittedAt: NOW, components: {} } } as never;
    expect(drillsOf([production], NOW)).toMatchObject([{ component: "api", every: "90d", overdue: true }]);
    const failed = past({ outcome: "unconfirmed" }, hours(2));
    const worked = past({}, hours(24 * 89));
    expect(drillsOf([production, failed, worked], NOW)).toMatchObject([
      { due: plus(NOW, hours(24)), overdue: false, last: { took: "4s" } },
    ]);
    expect(drillsOf([production, past({}, hours(24 * 90))], NOW)).toMatchObject([{ overdue: true }]);
  });

  it("measure how long a rollback takes, only where all of it was tried", () => {
    expect(measuredRollback([past()], ["api"])).toMatchObject({ took: "4s" });
    expect(measuredRollback([past()], ["api", "app"])).toBeUndefined();
    expect(measuredRollback([past({ outcome: "unconfirmed" })], ["api"])).toBeUndefined();
  });
});

describe("a rehearsal's plan", () => {
  it("has the phases of what has a counterpart, with short windows, and asks nobody", () => {
    const plan = samplePlan({
      rehearse: { targets: { api: { kind: "lambda-alias", function: "api", alias: "staging" } } },
    });
    const derived = rehearsalPlan(plan, { id: "R", now: NOW });
    if (!derived.ok) throw new Error(derived.message);
    const { steps, components, approvals, checklist, messages, triggers, environment } = derived.plan;
    expect(steps.map(({ id, at }) => [id, at])).toEqual([
      ["p1", "T"],
      ["p2", "T+1m"],
    ]);
    expect(steps.every((step) => step.kind === "phase" && step.watch === "1m")).toBe(true);
    expect(components).toMatchObject([{ id: "api", target: { alias: "staging", version: "8" } }]);
    expect([approvals, checklist, messages, triggers]).toEqual([[], [], [], []]);
    expect(environment).toBe("staging");
    expect(derived.plan.rehearsalOf).toMatchObject({ release: "REL-1", to: "p2" });
  });
});
