import { readFileSync } from "node:fs";
import { principal } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { Instant } from "@gonogo/core/kit/instant";
import { planDigest } from "@gonogo/core/plan/read";
import { standIn } from "@gonogo/local/sample/stand-ins";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const POLICY = `policy: 1
name: Two people
environments:
  - name: Production
    all:
      expires: 24 h
      bake: 5 min
      approvals:
        - { role: QA }
        - { role: Release Manager, after: QA }
`;

let api: VirtualApi;
let keys = 0;
beforeEach(async () => {
  api = await virtualApi();
});
afterEach(() => api.simulation.stop());

function key(): string {
  keys += 1;
  return `policy-${keys}`;
}

const set = (text: string, as = "governance", options: { key?: string; reason?: string } = {}) =>
  api.ask("PUT", "/v1/policy", {
    as,
    key: options.key ?? key(),
    body: { text, reason: options.reason ?? "the test asks for it" },
  });

const submit = (text: string, as = "pipeline", one = key()) =>
  api.ask("POST", "/v1/releases", { as, key: one, body: { text } });

describe("the policy", () => {
  it("is none at first, and nothing changes", async () => {
    const shown = await api.ask("GET", "/v1/policy", { as: "qa" });
    expect(shown.json).toEqual({ inForce: null, history: [] });
    expect((await submit(smallPlan({ id: "REL-FREE" }))).status).toBe(201);
    const { json } = await api.ask("GET", "/v1/releases/REL-FREE", { as: "qa" });
    expect(json.policy).toBeUndefined();
  });

  it("is put in force by Governance, once a key, and shown with its history", async () => {
    const first = await set(POLICY, "governance", { key: "once" });
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({ name: "Two people", changed: true });
    const again = await set(POLICY, "governance", { key: "once" });
    expect(again.json).toMatchObject({ seq: first.json.seq });
    expect((await set(POLICY)).json).toMatchObject({ changed: false });
    const other = await set(POLICY.replace("5 min", "10 min"));
    const shown = (await api.ask("GET", "/v1/policy", { as: "qa" })).json;
    expect(shown).toMatchObject({
      inForce: other.json.digest,
      history: [{ digest: other.json.digest }, { digest: first.json.digest, byName: "Rosa Lindgren" }],
    });
    const old = await api.ask("GET", `/v1/policy?digest=${first.json.digest}`, { as: "qa" });
    expect(old.json.yaml).toContain("bake: 5 min");
    expect((await api.ask("GET", `/v1/policy?digest=sha256:${"0".repeat(64)}`, { as: "qa" })).status).toBe(
      404,
    );
  });

  it("is taken out of force with a reason, and what was submitted under it keeps it", async () => {
    const put = await set(POLICY);
    const start = "2026-05-06T10:00:00Z";
    expect((await submit(smallPlan({ id: "REL-UNDER", start }))).status).toBe(201);
    const withdraw = (as: string, body: object) => api.ask("DELETE", "/v1/policy", { as, key: key(), body });
    expect((await withdraw("qa", { reason: "no" })).json.code).toBe("policy.not-your-role");
    expect((await withdraw("governance", {})).json.code).toBe("policy.no-reason");
    const gone = await withdraw("governance", { reason: "each team has its own" });
    expect(gone).toMatchObject({ status: 200, json: { inForce: null } });
    expect((await withdraw("governance", { reason: "again" })).json.code).toBe("policy.none");
    const shown = (await api.ask("GET", "/v1/policy", { as: "qa" })).json;
    expect(shown).toMatchObject({
      inForce: null,
      history: [{ digest: put.json.digest, withdrawn: { reason: "each team has its own" } }],
    });
    await submit(smallPlan({ id: "REL-AFTER", start }));
    const view = async (id: string) => (await api.ask("GET", `/v1/releases/${id}`, { as: "qa" })).json;
    expect((await view("REL-AFTER")).policy).toBeUndefined();
    const under = await view("REL-UNDER");
    expect(under.policy).toBe(put.json.digest);
    const weaker = smallPlan({ id: "REL-UNDER", start }).replace("watch: 5 min", "watch: 6 min");
    const body = { text: weaker, from: under.planDigest, reason: "a longer watch" };
    const path = "/v1/releases/REL-UNDER/revisions";
    expect((await api.ask("POST", path, { as: "pipeline", key: key(), body })).status).toBe(201);
    const revised = await view("REL-UNDER");
    expect(revised).toMatchObject({ revision: 2, policy: put.json.digest });
    expect((revised.approvals as { role: string }[]).map(({ role }) => role)).toContain("QA");
    expect((await set(POLICY)).json).toMatchObject({ changed: true });
  });

  const refusals: [string, () => ReturnType<typeof set>, number, string][] = [
    ["another role", () => set(POLICY, "release-manager"), 403, "policy.not-your-role"],
    [
      "no reason",
      () => api.ask("PUT", "/v1/policy", { as: "governance", key: key(), body: { text: POLICY } }),
      422,
      "policy.no-reason",
    ],
    [
      "no key",
      () => api.ask("PUT", "/v1/policy", { as: "governance", body: { text: POLICY } }),
      422,
      "request.invalid",
    ],
    [
      "plain text",
      () =>
        api.ask("PUT", "/v1/policy", {
          as: "governance",
          key: key(),
          headers: { "content-type": "text/plain" },
          body: POLICY,
        }),
      415,
      "request.type",
    ],
    ["a text that is no policy", () => set("policy: 1"), 422, "policy.invalid"],
    [
      "what cannot be satisfied",
      () => set(POLICY.replace("role: QA }", "role: QA, after: Release Manager }")),
      422,
      "policy.unsatisfiable",
    ],
  ];
  it.each(refusals)("refuses %s", async (_, ask, status, code) => {
    const answer = await ask();
    expect(answer.json).toMatchObject({ status, code });
    expect((await api.ask("GET", "/v1/policy", { as: "qa" })).json.inForce).toBeNull();
  });

  it("is on record in the deployment's own chain, refusals as well", async () => {
    await set(POLICY, "release-manager");
    await set(POLICY);
    const { runtime } = api.simulation.control;
    const { seq, head } = await runtime.store.deployment();
    const records = await runtime.store.deploymentRecords(1, seq);
    expect(records.map(({ event }) => event.type)).toEqual(["CommandRefused", "PolicySet"]);
    expect(records[1]?.reason).toBe("the test asks for it");
    expect(verifyChain(DEPLOYMENT, records as never, { seq, digest: head })).toMatchObject({ ok: true });
  });

  it("of the examples can be put in force", async () => {
    for (const name of ["default", "strict"]) {
      const text = readFileSync(new URL(`../../examples/policies/${name}.yaml`, import.meta.url), "utf8");
      expect((await api.ask("POST", "/v1/policy/check", { as: "qa", body: { text } })).json).toMatchObject({
        ok: true,
        problems: [],
      });
      expect((await set(text)).status).toBe(200);
    }
    const rules = readFileSync(new URL("../../examples/policies/calendar.yaml", import.meta.url), "utf8");
    const body = { text: rules, reason: "the example" };
    const kept = await api.ask("PUT", "/v1/calendar/rules", { as: "release-manager", key: "rules", body });
    expect(kept.json).toMatchObject({ version: 1 });
    const around = "/v1/calendar?from=2026-12-20&to=2027-01-20";
    const { entries } = (await api.ask("GET", around, { as: "qa" })).json as {
      entries: { name: string; from: Instant; to: Instant }[];
    };
    expect(entries.map(({ name, from, to }) => `${name} ${from.slice(0, 16)} ${to.slice(0, 16)}`)).toEqual([
      "Christmas 2026-12-24T00:00 2026-12-27T00:00",
      "Turn of the year 2026-12-31T00:00 2027-01-03T00:00",
      "Monthly maintenance 2027-01-05T02:00 2027-01-05T04:00",
    ]);
  });
});

describe("a plan under a policy", () => {
  it("is filled in, and what is approved is what came of it", async () => {
    const { digest: policy } = (await set(POLICY)).json;
    const text = smallPlan({ id: "REL-GOVERNED" });
    const checked = (await api.ask("POST", "/v1/plans/check", { as: "qa", body: { text } })).json;
    expect((await submit(text)).status).toBe(201);
    const view = (await api.ask("GET", "/v1/releases/REL-GOVERNED", { as: "qa" })).json as {
      planDigest: string;
      approvals: { role: string }[];
    };
    expect(view).toMatchObject({ policy });
    expect((checked.governed as { yaml: string }).yaml).toContain("role: QA");
    expect(view.approvals.map(({ role }) => role)).toEqual(["Release Manager", "QA"]);
    expect(view.planDigest).not.toBe(checked.digest);
    const approve = (as: string, role: string, plan: string) =>
      api.ask("POST", "/v1/releases/REL-GOVERNED/commands", {
        as,
        key: key(),
        body: { command: { type: "Approve", role, plan } },
      });
    const { plan: written } = checked;
    expect((await approve("qa", "QA", planDigest(written as never))).json.code).toBe("approval.other-plan");
    expect((await approve("release-manager", "Release Manager", view.planDigest)).json.code).toBe(
      "approval.too-early",
    );
    expect((await approve("qa", "QA", view.planDigest)).status).toBe(200);
    expect((await approve("release-manager", "Release Manager", view.planDigest)).status).toBe(200);
    const records = await api.ask("GET", "/v1/releases/REL-GOVERNED/records", { as: "qa" });
    expect((records.json.items as { event: object }[])[0]?.event).toMatchObject({
      type: "ReleaseSubmitted",
      policy,
    });
  });

  it("that is weaker is refused with its line, and what to write", async () => {
    await set(POLICY);
    const text = smallPlan({ id: "REL-WEAK" }).replace(
      "{ role: Release Manager }",
      "{ role: Release Manager, expires: 3 days }",
    );
    const refused = await submit(text);
    expect(refused.json).toMatchObject({ status: 422, code: "plan.invalid" });
    const [problem] = refused.json.problems as { code: string; fix: string; place: { line: number } }[];
    expect(problem).toMatchObject({ code: "policy.approval-expires", fix: "write expires: 1 day" });
    expect(text.split("\n")[(problem?.place.line ?? 0) - 1]).toContain("expires: 3 days");
    expect((await api.ask("GET", "/v1/releases/REL-WEAK", { as: "qa" })).status).toBe(404);
  });

  it("asked again with its key is the same one, whatever policy has come since", async () => {
    await set(POLICY);
    const text = smallPlan({ id: "REL-AGAIN" });
    const first = await submit(text, "pipeline", "again");
    await set(POLICY.replace("5 min", "20 min"));
    const second = await submit(text, "pipeline", "again");
    expect(second.status).toBe(201);
    expect(second.json.seq).toBe(first.json.seq);
    expect((await submit(text)).json.code).toBe("release.exists");
  });

  it("is approved by nobody who is left out: the only holder is who submits it", async () => {
    const people = ["qa", "release-manager"].map((id) => {
      const person = standIn({ id, name: "", roles: [] });
      return `  - { id: ${principal(person)}, roles: [ ${id === "qa" ? "QA" : "Release Manager"} ] }`;
    });
    await set(`${POLICY}people:\n${people.join("\n")}\n`);
    const text = smallPlan({ id: "REL-OWN" });
    const own = await submit(text, "qa");
    expect((own.json.problems as { code: string }[])[0]?.code).toBe("policy.approvals-unsatisfiable");
    expect((await submit(text)).status).toBe(201);
  });

  it("of a hotfix runs whole: two of the board, a short soak, and what it owes at its end", async () => {
    const text = readFileSync(new URL("../../examples/policies/default.yaml", import.meta.url), "utf8");
    const { simulation } = api;
    const hotfix = `${smallPlan({ id: "REL-HOT" })}changeClass: emergency
hotfix: { severity: SEV-1, targetedTests: [ critical_path ] }
`;
    await set(text);
    const tried = await api.ask("POST", "/v1/simulations", { as: "qa", body: { text: hotfix } });
    expect(tried.status, tried.text).toBe(200);
    const view = tried.json.view as {
      changeClass: string;
      approvals: { role: string; given: number; signatures: { by: string }[] }[];
      checklist: { id: string; answer: string }[];
      obligations: { id: string; due: Instant }[];
    };
    expect(tried.json).toMatchObject({ verified: true });
    expect(view.changeClass).toBe("emergency");
    const board = view.approvals.find(({ role }) => role === "Governance Board");
    expect(new Set(board?.signatures.map(({ by }) => by)).size).toBe(2);
    expect(view.checklist.filter(({ id }) => id.startsWith("hotfix")).map(({ answer }) => answer)).toEqual([
      "yes",
      "yes",
    ]);
    expect(view.obligations.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["merge-back", "postmortem", "why-not-caught"]),
    );
    simulation.stop();
  });
});
