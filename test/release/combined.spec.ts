import { type Actor, personId } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import { no, yes } from "@gonogo/core/check/look";
import type { Look } from "@gonogo/core/check/port";
import { hours, minutes } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, plus, toMillis } from "@gonogo/core/kit/instant";
import type { CommandBody } from "@gonogo/core/release/commands";
import { execute } from "@gonogo/functions/execute";
import { afterEach, describe, expect, it } from "vitest";
import { type SmallPlan, smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

/** Several rules at once, each whole by itself elsewhere: on the virtual clock, through the real handlers. */

const ID = "REL-SMALL";
const at = (time: string, day = "2026-05-05") => `${day}T${time}:00.000Z` as Instant;

let api: VirtualApi;
let keys = 0;
afterEach(() => api.simulation.stop());

async function begin(options: Parameters<typeof virtualApi>[0] = {}): Promise<void> {
  api = await virtualApi(options);
  api.simulation.punctual = false;
}

const key = () => `combined-${++keys}`;
const someone = (name: string, ...roles: string[]): Actor => ({
  kind: "person",
  id: personId("test", name),
  roles,
});
const ask = (method: string, path: string, as: string, body?: object) =>
  api.ask(method, path, { as, key: key(), ...(body === undefined ? {} : { body }) });

/** As somebody whom the demonstration does not have. */
async function act(who: Actor, body: CommandBody, release = ID, reason = "the test asks for it") {
  const { control } = api.simulation;
  const request = { release, id: key(), actor: who, reason, body };
  return await control.during(() => execute(control.runtime, request));
}

async function stateOf(release = ID) {
  const { control } = api.simulation;
  const loaded = await control.during(() => control.runtime.store.load(release));
  if (loaded === undefined) throw new Error(`${release} is not there`);
  return loaded.state;
}

async function eventsOf(release = ID) {
  const { control } = api.simulation;
  const loaded = await control.during(() => control.runtime.store.load(release));
  const records = await control.during(() => control.runtime.store.records(release, 1, loaded?.seq ?? 0));
  expect(
    verifyChain(release, records, { seq: loaded?.seq ?? 0, digest: loaded?.head ?? ("" as never) }).ok,
  ).toBe(true);
  return records.map(({ event }) => event);
}

async function openGates(release = ID): Promise<void> {
  const { plan } = await stateOf(release);
  await act(someone("quinn", "QA"), { type: "AnswerCheck", check: "tests-passed", answer: "yes" }, release);
  await act(someone("rita", "Release Manager"), { type: "Approve", role: "Release Manager", plan }, release);
}

const hotfix = (plan: SmallPlan): string =>
  smallPlan({
    ...plan,
    more: "changeClass: emergency\nhotfix: { severity: SEV-1, targetedTests: [ checkout ] }\n",
  })
    .replace("  - { role: Release Manager }\nmetrics", "  - { role: Governance Board, count: 2 }\nmetrics")
    .replace("  - { name: QA }", "  - { name: QA }\n  - { name: Governance Board }")
    .replace('version: "42"', 'version: "43"');

describe("a freeze declared during the wait, a policy that asks more in one, and a SEV-1 hotfix", () => {
  it("holds what was approved, lets the hotfix through by two of the board, and asks the next standard one for more", async () => {
    await begin();
    await api.simulation.control.engine.kernel.call("lambda", "PublishVersion", {
      FunctionName: "orders-api",
    });
    const text =
      "policy: 1\nname: Careful\nenvironments: [ { name: Production, inFreeze: { approvals: [ { role: CAB } ] } } ]\n";
    await ask("PUT", "/v1/policy", "governance", { text, reason: "freezes are for something" });
    await openGates();
    expect((await stateOf()).status).toBe("ready");
    const span = { name: "Outage", to: at("12:00"), incident: "INC-9", reason: "hold everything" };
    expect((await ask("POST", "/v1/calendar/freezes", "release-manager", span)).status).toBe(200);
    expect(await stateOf()).toMatchObject({ t: at("12:00"), movedFrom: at("10:00") });

    const standard = smallPlan({ id: "REL-STD", start: at("10:30") });
    await ask("POST", "/v1/releases", "pipeline", { text: standard });
    const asked = (await ask("GET", "/v1/releases/REL-STD", "qa")).json.approvals as { role: string }[];
    expect(asked.map(({ role }) => role)).toEqual(["Release Manager", "CAB"]);

    const sent = await ask("POST", "/v1/releases", "pipeline", {
      text: hotfix({ id: "REL-HOT", start: at("10:10") }),
    });
    expect(sent.status).toBe(201);
    const { plan } = await stateOf("REL-HOT");
    await act(
      someone("quinn", "QA"),
      { type: "AnswerCheck", check: "tests-passed", answer: "yes" },
      "REL-HOT",
    );
    const sign = (name: string) =>
      act(someone(name, "Governance Board"), { type: "Approve", role: "Governance Board", plan }, "REL-HOT");
    await sign("gus");
    expect((await stateOf("REL-HOT")).status).toBe("gates");
    await sign("gita");
    await api.simulation.runTo(at("10:20"));
    expect((await stateOf("REL-HOT")).startedAt).toBe(at("10:10"));
    expect((await stateOf()).startedAt).toBeUndefined();
    const said = (await eventsOf("REL-HOT")).filter(({ type }) => type === "FreezeExempted");
    expect(said).toMatchObject([{ name: "Outage", why: expect.stringContaining("SEV-1") }]);
  });
});

describe("a probe that expires between the approval and T, and the plan revised for it", () => {
  it("closes the gates again; the revision voids the approval, and what runs is what was approved anew", async () => {
    let answer: () => Look = () => yes("ci", "green", { until: at("09:30") });
    await begin({
      checks: { look: async () => answer() },
      text: (plan) =>
        plan.replace(
          "  - { id: tests-passed, check: The tests have passed, role: QA }",
          "  - { id: tests-passed, check: The tests have passed, role: QA }\n  - { id: ci, check: CI is green, role: QA, probe: { kind: http, url: https://ci.example.com/status } }",
        ),
    });
    await openGates();
    await api.simulation.runTo(at("09:10"));
    expect((await stateOf()).status).toBe("ready");
    answer = () => no("ci", "red since 09:20");
    await api.simulation.runTo(at("09:45"));
    expect((await stateOf()).status).toBe("gates");
    expect((await eventsOf()).map(({ type }) => type)).toContain("GatesClosed");
    answer = () => yes("ci", "green again", { until: at("18:00") });
    const before = await stateOf();
    const { control } = api.simulation;
    const loaded = await control.during(() => control.runtime.store.load(ID));
    const later = { ...loaded?.plan, start: at("11:00") } as NonNullable<typeof loaded>["plan"];
    const revised = await act(someone("max", "Release Manager"), {
      type: "Revise",
      plan: later,
      from: before.plan,
    });
    expect(revised.ok).toBe(true);
    expect(await stateOf()).toMatchObject({ revision: 2, status: "gates", approvals: {}, probes: {} });
    await api.simulation.runTo(at("10:15"));
    expect((await stateOf()).startedAt).toBeUndefined();
    const again = await act(someone("max", "Release Manager"), {
      type: "Approve",
      role: "Release Manager",
      plan: (await stateOf()).plan,
    });
    expect(again).toMatchObject({ ok: false, rejection: { code: "approval.own-revision" } });
    await openGates();
    await api.simulation.runTo(at("11:02"));
    expect(await stateOf()).toMatchObject({ status: "running", startedAt: at("11:00") });
  });
});

describe("a storm while a decision is open", () => {
  it("is one question with all its causes, and one rollback when nobody answers", async () => {
    await begin({
      text: (plan) =>
        plan.replace("    respond: rollback", "    respond: evaluate\n    decideWithin: 10 min"),
    });
    await openGates();
    await api.simulation.runTo(at("10:01"));
    expect((await stateOf()).steps["phase-1"]?.status).toBe("watching");
    const alarm = async (source: string, name: string) => {
      const signal = { source, name, state: "alarm", at: api.simulation.now } as const;
      await act({ kind: "alarm", source, name } as Actor, { type: "ReceiveSignal", signal: signal as never });
    };
    await alarm("sentry", "Too many errors");
    expect(Object.keys((await stateOf()).decisions)).toHaveLength(1);
    for (let turn = 0; turn < 5; turn++) {
      await alarm("grafana", "WebhookAlert");
      await alarm("alertmanager", "HighErrorRate");
      await alarm("webhook", "queue-backlog");
    }
    const open = Object.values((await stateOf()).decisions);
    expect(open).toHaveLength(1);
    expect(open[0]?.causes?.length).toBeGreaterThan(1);
    await api.simulation.runTo(at("10:20"));
    const state = await stateOf();
    expect(state).toMatchObject({ status: "rolled-back", rollback: { n: 1 } });
    expect(state.rollback?.causes?.length).toBeGreaterThan(1);
    const types = (await eventsOf()).map(({ type }) => type);
    expect(types.filter((type) => type === "RollbackStarted")).toHaveLength(1);
  });
});

describe("a delegation that ends between the vote and T", () => {
  it.each(["over", "withdrawn"] as const)("leaves the vote as it was given; %s", async (how) => {
    await begin({
      text: (plan) =>
        plan.replace("metrics:\n", "poll: { at: T-10 min, closes: T-1 min, roles: [ QA ] }\nmetrics:\n"),
    });
    await openGates();
    const deputy = (await ask("GET", "/v1/me", "on-call-engineer")).json.id;
    const until = at("09:55");
    const lent = await ask("POST", "/v1/delegations", "qa", {
      role: "QA",
      to: deputy,
      until,
      reason: "in the air",
    });
    expect(lent.status).toBe(201);
    await api.simulation.runTo(at("09:51"));
    const vote = () =>
      ask("POST", `/v1/releases/${ID}/commands`, "on-call-engineer", {
        command: { type: "Vote", role: "QA", vote: "go" },
      });
    expect((await vote()).status).toBe(200);
    if (how === "withdrawn") {
      const gone = await ask("DELETE", `/v1/delegations/${lent.json.id}`, "qa", { reason: "landed" });
      expect(gone.status).toBe(200);
    }
    await api.simulation.runTo(at("09:57"));
    const poll = (await stateOf()).poll;
    expect(poll).toMatchObject({ result: "go", votes: { QA: { by: deputy, for: personId("demo", "qa") } } });
    await api.simulation.runTo(at("10:01"));
    expect((await stateOf()).steps["phase-1"]?.shiftedAt).toBe(at("10:00"));
    expect((await vote()).json.code).toBe("poll.not-your-role");
  });
});

describe("what a hotfix leaves undone", () => {
  it("is announced when overdue, holds up the next standard release of its component, and no hotfix", async () => {
    await begin({ text: () => hotfix({}).replace('version: "43"', 'version: "42"') });
    const { kernel } = api.simulation.control.engine;
    await kernel.call("lambda", "PublishVersion", { FunctionName: "orders-api" });
    await act(someone("quinn", "QA"), { type: "AnswerCheck", check: "tests-passed", answer: "yes" });
    const { plan } = await stateOf();
    for (const name of ["gus", "gita"])
      await act(someone(name, "Governance Board"), { type: "Approve", role: "Governance Board", plan });
    api.simulation.punctual = true;
    await api.simulation.runUntil(({ state }) => state.status === "completed", at("12:00"));
    const ended = await stateOf();
    expect(ended.status).toBe("completed");
    const owed = Object.entries(ended.obligations ?? {}).filter(([, one]) => one.completedAt === undefined);
    expect(owed.map(([id]) => id)).toEqual(expect.arrayContaining(["merge-back", "why-not-caught"]));
    await api.simulation.runTo(plus(plus(ended.endedAt ?? at("12:00"), hours(24)), minutes(10)));
    const late = await stateOf();
    expect(late.obligations?.["merge-back"]?.overdueAt).toBeDefined();
    const told = Object.values(late.messages).map(({ text }) => text);
    expect(told.some((text) => text.includes("overdue since") && text.includes("Merge"))).toBe(true);
    const start = fromMillis(toMillis(api.now()) + 600_000);
    const next = smallPlan({ id: "REL-STD", start }).replace('version: "42"', 'version: "43"');
    const refused = await ask("POST", "/v1/releases", "pipeline", { text: next });
    expect(refused).toMatchObject({ status: 409, json: { code: "release.blocked" } });
    for (const one of ["merge-back", "why-not-caught"]) expect(refused.json.detail).toContain(one);
    const another = await ask("POST", "/v1/releases", "pipeline", {
      text: hotfix({ id: "REL-HOT2", start }),
    });
    expect(another.status).toBe(201);
    for (const obligation of ["merge-back", "why-not-caught"]) {
      expect((await ask("POST", "/v1/releases", "pipeline", { text: next })).status).toBe(409);
      const done = { type: "CompleteObligation", obligation, evidence: "https://git.example.com/mr/9" };
      await act(someone("rita", "Release Manager"), done as never);
    }
    expect((await ask("POST", "/v1/releases", "pipeline", { text: next })).status).toBe(201);
  });
});
