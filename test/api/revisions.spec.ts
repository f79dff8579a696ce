import { ROLLOUT } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { Instant } from "@gonogo/core/kit/instant";
import { planDigest } from "@gonogo/core/plan/digest";
import { execute } from "@gonogo/functions/execute";
import { start } from "@gonogo/functions/tasks/start";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SmallPlan, smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const LATER = "2026-05-05T11:00:00Z";

let api: VirtualApi;
let keys = 0;
beforeEach(async () => {
  api = await virtualApi();
  api.simulation.punctual = false;
});
afterEach(() => api.simulation.stop());

const key = () => `revision-${++keys}`;

async function digest(): Promise<string> {
  return String((await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" })).json.planDigest);
}

async function revise(
  plan: SmallPlan | string,
  {
    as = "release-manager",
    from,
    ...sent
  }: { as?: string; from?: string; key?: string; reason?: string } = {},
) {
  const text = typeof plan === "string" ? plan : smallPlan(plan);
  return await api.ask("POST", `/v1/releases/${ID}/revisions`, {
    as,
    key: sent.key ?? key(),
    body: { text, from: from ?? (await digest()), reason: sent.reason ?? "the window has moved" },
  });
}

const command = (as: string, body: object, reason?: string) =>
  api.ask("POST", `/v1/releases/${ID}/commands`, {
    as,
    key: key(),
    body: { command: body, ...(reason === undefined ? {} : { reason }) },
  });

const approve = async (as: string, plan?: string) =>
  await command(as, { type: "Approve", role: "Release Manager", plan: plan ?? (await digest()) });

describe("a revision, through the whole", () => {
  it("runs at its own time, on what was approved anew, and its log is whole", async () => {
    await command("qa", { type: "AnswerCheck", check: "tests-passed", answer: "yes" });
    const first = await digest();
    expect((await approve("release-manager")).status).toBe(200);
    const revised = await revise({ start: LATER }, { as: "pipeline" });
    expect(revised).toMatchObject({ status: 201, json: { release: ID, status: "gates" } });
    const view = (await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" })).json;
    expect(view).toMatchObject({ revision: 2, approvedRevision: 1, plannedT: "2026-05-05T11:00:00.000Z" });
    expect((await approve("release-manager", first)).json).toMatchObject({ code: "approval.other-plan" });
    // The old plan's time goes by, and nothing starts.
    await api.simulation.runTo("2026-05-05T10:30:00.000Z" as Instant);
    expect((await api.simulation.load()).state.startedAt).toBeUndefined();
    expect((await approve("release-manager")).status).toBe(200);
    api.simulation.punctual = true;
    await api.simulation.runToEnd();
    const { plan, state, seq, head } = await api.simulation.load();
    expect(state).toMatchObject({ status: "completed", startedAt: "2026-05-05T11:00:00.000Z" });
    expect(state.plan).toBe(planDigest(plan));
    const records = (await api.simulation.records()).slice(0, seq);
    expect(verifyChain(ID, records, { seq, digest: head }).ok).toBe(true);
  });

  it("keeps each revision, and tells what differs from the one that was approved", async () => {
    await command("qa", { type: "AnswerCheck", check: "tests-passed", answer: "yes" });
    await approve("release-manager");
    await revise({ start: LATER }, { as: "pipeline" });
    await revise({ start: LATER, watch: "10 min" }, { as: "pipeline" });
    const against = async (revision: string) =>
      (await api.ask("GET", `/v1/releases/${ID}/difference?revision=${revision}`, { as: "qa" })).json;
    const paths = ({ changes }: Record<string, unknown>) =>
      (changes as { path: string[] }[]).map(({ path }) => path.join(" "));
    expect(paths(await against("2"))).toEqual(["steps phase-1 watch", "steps phase-2 watch"]);
    expect(await against("approved")).toMatchObject({ with: { id: ID, revision: 1 } });
    expect(paths(await against("approved"))).toContain("start");
    const old = await api.ask("GET", `/v1/releases/${ID}/plan?revision=1`, { as: "qa" });
    expect(old.text).toContain("start: 2026-05-05 10:00 UTC");
    for (const wrong of [`plan?revision=9`, `difference?revision=9`]) {
      const none = await api.ask("GET", `/v1/releases/${ID}/${wrong}`, { as: "qa" });
      expect(none).toMatchObject({ status: 404, json: { code: "revision.unknown" } });
    }
  });

  it("is previewed without a record", async () => {
    const before = (await api.simulation.load()).seq;
    const body = { text: smallPlan({ start: LATER }), from: await digest() };
    const seen = await api.ask("POST", `/v1/releases/${ID}/revisions/preview`, { as: "pipeline", body });
    expect(seen.json).toMatchObject({ ok: true, events: expect.arrayContaining(["PlanRevised"]) });
    expect(seen.json.changes).toHaveLength(1);
    expect((await api.simulation.load()).seq).toBe(before);
  });
});

describe("what is refused", () => {
  it("leaves the plan as it was", async () => {
    const cases: [Awaited<ReturnType<typeof revise>>, number, string][] = [
      [await revise("gonogo: 1\nid: 7"), 422, "plan.invalid"],
      [await revise({ id: "REL-OTHER" }), 422, "revise.other-id"],
      [await revise({}), 409, "revise.same"],
      [await revise({ start: LATER }, { as: "qa" }), 403, "revise.not-your-role"],
      [await revise({ start: LATER }, { from: `sha256:${"1".repeat(64)}` }), 409, "revise.other-plan"],
      [await revise({ start: "2020-01-01T00:00:00Z" }), 422, "plan.start-past"],
    ];
    for (const [{ status, json }, expected, code] of cases) {
      expect({ status, code: json.code }).toEqual({ status: expected, code });
    }
    const noReason = await api.ask("POST", `/v1/releases/${ID}/revisions`, {
      as: "pipeline",
      key: key(),
      body: { text: smallPlan({ start: LATER }), from: await digest() },
    });
    expect(noReason.json.code).toBe("command.no-reason");
    expect((await api.simulation.load()).state.revision).toBe(1);
  });

  it("is done once a key, and two at once make one revision", async () => {
    const from = await digest();
    const once = await revise({ start: LATER }, { key: "one-key", from });
    const again = await revise({ start: LATER }, { key: "one-key", from });
    expect(again).toMatchObject({ status: 201, json: once.json });
    const second = await revise({ start: "2026-05-05T12:00:00Z" }, { from });
    expect(second.json.code).toBe("revise.other-plan");
    expect((await api.simulation.load()).state.revision).toBe(2);
  });

  it("leaves the answer to the submission as it was, asked again with its key", async () => {
    const text = smallPlan({ id: "REL-TWICE", start: LATER });
    const submit = () =>
      api.ask("POST", "/v1/releases", { as: "pipeline", key: "submitted-once", body: { text } });
    const first = await submit();
    const from = (await api.ask("GET", "/v1/releases/REL-TWICE", { as: "qa" })).json.planDigest;
    await api.simulation.control.engine.kernel.call("lambda", "PublishVersion", {
      FunctionName: "orders-api",
    });
    const other = text.replace('version: "42"', 'version: "43"');
    const body = { text: other, from, reason: "the other version" };
    const path = "/v1/releases/REL-TWICE/revisions";
    expect((await api.ask("POST", path, { as: "pipeline", key: key(), body })).status).toBe(201);
    const again = await submit();
    expect([again.status, again.json.seq]).toEqual([201, first.json.seq]);
  });

  it("is held against the policy in force now, and approved by nobody who made it", async () => {
    const text = "policy: 1\nname: Bake\nenvironments: [ { name: Production, all: { bake: 7 min } } ]\n";
    await api.ask("PUT", "/v1/policy", { as: "governance", key: key(), body: { text, reason: "needed" } });
    expect((await revise({ start: LATER })).status).toBe(201);
    const { plan, state } = await api.simulation.load();
    expect(plan.limits.bake).toBe("7m");
    expect(state.policy).toMatch(/^sha256:/);
    expect((await approve("release-manager")).json.code).toBe("approval.own-revision");
  });
});

describe("a revision and the start at the same moment", () => {
  it("either comes first, and never do both hold", async () => {
    for (const isStartFirst of [true, false]) {
      const one = await virtualApi();
      try {
        one.simulation.punctual = false;
        const { runtime } = one.simulation.control;
        const ask = (as: string, body: object) =>
          one.ask("POST", `/v1/releases/${ID}/commands`, { as, key: key(), body: { command: body } });
        await ask("qa", { type: "AnswerCheck", check: "tests-passed", answer: "yes" });
        const read = (await one.simulation.load()).state.plan;
        await ask("release-manager", { type: "Approve", role: "Release Manager", plan: read });
        await one.simulation.runTo("2026-05-05T09:59:59.000Z" as Instant);
        const timer = () => one.simulation.control.clock.advanceTo(Date.parse("2026-05-05T10:00:00.000Z"));
        const body = { text: smallPlan({ start: LATER }), from: read, reason: "late" };
        const change = () =>
          one.ask("POST", `/v1/releases/${ID}/revisions`, { as: "pipeline", key: key(), body });
        if (isStartFirst) await timer();
        const { status, json } = await change();
        if (!isStartFirst) await timer();
        await one.simulation.control.during(() => start(runtime, { release: ID }));
        // A start that had read the targets by the plan before comes after the revision.
        const late = await one.simulation.control.during(() =>
          execute(runtime, {
            release: ID,
            id: runtime.newId(),
            actor: ROLLOUT,
            body: { type: "Start", plan: read, components: [], alarms: [], problems: [] },
          }),
        );
        const { state } = await one.simulation.load();
        if (state.startedAt === undefined) {
          expect(status).toBe(201);
          expect(late).toMatchObject({ ok: false, rejection: { code: "start.other-plan" } });
          expect(state.revision).toBe(2);
        } else {
          expect({ status, code: json.code }).toEqual({ status: 409, code: "revise.started" });
          expect(state).toMatchObject({ revision: 1, plan: read });
        }
        expect(state.startedAt !== undefined).toBe(isStartFirst);
      } finally {
        one.simulation.stop();
      }
    }
  });
});
