import { personId } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import { beforeAll, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const QA = personId("demo", "qa");
const CHECK = { command: { type: "AnswerCheck", check: "tests-passed", answer: "yes" } };

let api: VirtualApi;
beforeAll(async () => {
  api = await virtualApi();
});

describe("what anybody may read", () => {
  it("is that it lives, its description and its reference", async () => {
    expect((await api.ask("GET", "/healthz")).json).toEqual({ ok: true });
    expect((await api.ask("GET", "/openapi.json")).json).toMatchObject({ openapi: "3.1.0" });
    const docs = await api.ask("GET", "/docs");
    expect(docs.headers.get("content-type")).toMatch(/^text\/html/);
    expect(docs.text).toContain("POST /v1/releases/{id}/commands");
  });
});

describe("each route, asked rightly", () => {
  it("says who I am", async () => {
    const { status, json } = await api.ask("GET", "/v1/me", { as: "qa" });
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: QA, roles: ["QA"], demo: true });
  });

  it("gives the plan's JSON Schema", async () => {
    const { status, json } = await api.ask("GET", "/v1/plan.schema.json", { as: "qa" });
    expect(status).toBe(200);
    expect(json).toHaveProperty("properties");
  });

  it("checks a plan and previews it", async () => {
    const checked = await api.ask("POST", "/v1/plans/check", { as: "qa", body: { text: smallPlan() } });
    expect(checked.json).toMatchObject({ ok: true, digest: expect.stringMatching(/^sha256:/) });
    const broken = await api.ask("POST", "/v1/plans/check", { as: "qa", body: { text: "gonogo: 1\nid: 7" } });
    expect(broken.status).toBe(200);
    expect(broken.json).toMatchObject({ ok: false });
    const preview = await api.ask("POST", "/v1/plans/preview", { as: "qa", body: { text: smallPlan() } });
    const matrix = await api.ask("POST", "/v1/plans/matrix", { as: "qa", body: { text: smallPlan() } });
    expect(matrix.json.rows).toMatchObject([
      { trigger: "broken", respond: "rollback", decides: "nobody is asked" },
    ]);
    expect(preview.json.rows).toContainEqual(expect.objectContaining({ kind: "phase", offset: "T+6m" }));
  });

  it("imports documents and simulates a plan", async () => {
    const documents = [{ name: "runbook.md", text: "# Nothing that is a runbook" }];
    const imported = await api.ask("POST", "/v1/plans/import", { as: "qa", body: { documents } });
    expect(imported.status).toBe(200);
    expect(imported.json).toHaveProperty("problems");
    const alarms = [{ name: "Orders5xx", at: "T+2m" }];
    const body = { text: smallPlan({ id: "REL-TRIED" }), alarms };
    const { status, json } = await api.ask("POST", "/v1/simulations", { as: "qa", body });
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: "rolled-back", verified: true });
    expect((await api.ask("GET", "/v1/releases/REL-TRIED", { as: "qa" })).status).toBe(404);
  });

  it("takes a plan in and says where its release is", async () => {
    const body = { text: smallPlan({ id: "REL-NEXT" }) };
    const { status, headers, json } = await api.ask("POST", "/v1/releases", {
      as: "pipeline",
      key: "next",
      body,
    });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe("/v1/releases/REL-NEXT");
    expect(json).toMatchObject({ release: "REL-NEXT", status: "gates" });
  });

  it("shows a release, its plan, its documents and its courses", async () => {
    const release = await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" });
    expect(release.json).toMatchObject({ id: ID, status: "gates" });
    expect(release.headers.get("etag")).toMatch(/^"\d+-/);
    const plan = await api.ask("GET", `/v1/releases/${ID}/plan`, { as: "qa" });
    expect(plan.headers.get("content-type")).toMatch(/yaml/);
    const again = await api.ask("POST", "/v1/plans/check", { as: "qa", body: { text: plan.text } });
    expect(again.json).toMatchObject({ ok: true, digest: release.json.planDigest });
    const documents = await api.ask("GET", `/v1/releases/${ID}/documents`, { as: "qa" });
    expect(documents.json.documents).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining("A small release") }),
    );
    const courses = await api.ask("GET", `/v1/releases/${ID}/courses`, { as: "qa" });
    expect(courses.json).toMatchObject({
      metrics: [{ metric: "rate" }],
      shares: [{ component: "orders-api" }],
    });
  });

  it("does what a person asks and has it in the log, whole", async () => {
    const { status, json } = await api.ask("POST", `/v1/releases/${ID}/commands`, {
      as: "qa",
      key: "tests",
      body: { ...CHECK, reason: "all 812 are green" },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ release: ID });
    const page = await api.ask("GET", `/v1/releases/${ID}/records`, { as: "qa" });
    const records = page.json.items as Parameters<typeof verifyChain>[1];
    expect(records.at(-1)).toMatchObject({
      event: { type: "CheckAnswered", answer: "yes" },
      actor: { kind: "person", id: QA },
      reason: "all 812 are green",
    });
    expect(page.json.names).toHaveProperty([QA]);
    const verification = await api.ask("GET", `/v1/releases/${ID}/verification`, { as: "qa" });
    expect(verification.json).toMatchObject({ ok: true, records: records.length });
    expect(
      verifyChain(ID, records, { seq: records.length, digest: verification.json.head as never }).ok,
    ).toBe(true);
  });

  it("lists releases page by page, each once, the newest first", async () => {
    for (const n of [1, 2, 3]) {
      await api.simulation.control.clock.advance(1_000);
      const body = { text: smallPlan({ id: `REL-LIST-${n}` }) };
      await api.ask("POST", "/v1/releases", { as: "pipeline", key: `list-${n}`, body });
    }
    const seen: { id: string; submittedAt: string }[] = [];
    let path: string | undefined = "/v1/releases?limit=2";
    while (path !== undefined) {
      const { status, json } = await api.ask("GET", path, { as: "qa" });
      expect(status).toBe(200);
      const items = json.items as typeof seen;
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items);
      path =
        json.next === undefined
          ? undefined
          : `/v1/releases?limit=2&after=${encodeURIComponent(String(json.next))}`;
    }
    const ids = seen.map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual(["REL-LIST-3", "REL-LIST-2", "REL-LIST-1"]);
    expect(new Set(ids).size).toBe(ids.length);
    const times = seen.map(({ submittedAt }) => submittedAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect((await api.ask("GET", "/v1/releases?status=ended", { as: "qa" })).json.items).toEqual([]);
  });

  it("lists the active and the ended in one order, over pages, each once", async () => {
    const id = "REL-LIST-2";
    const body = { command: { type: "Abort" }, reason: "not today" };
    const aborted = await api.ask("POST", `/v1/releases/${id}/commands`, {
      as: "release-manager",
      key: "stop-2",
      body,
    });
    expect(aborted.json).toMatchObject({ release: id });
    await api.simulation.control.clock.advance(60_000);
    const ids = async (query: string) => {
      const found: string[] = [];
      for (let after = ""; ; ) {
        const { json } = await api.ask("GET", `/v1/releases?${query}${after}`, { as: "qa" });
        found.push(...(json.items as { id: string }[]).map((item) => item.id));
        if (json.next === undefined) return found;
        after = `&after=${encodeURIComponent(String(json.next))}`;
      }
    };
    const [active, ended, all] = [
      await ids("limit=2"),
      await ids("status=ended"),
      await ids("limit=2&status=all"),
    ];
    expect(ended).toEqual([id]);
    expect(active).not.toContain(id);
    expect(all.slice(0, 3)).toEqual(["REL-LIST-3", id, "REL-LIST-1"]);
    expect(all.toSorted()).toEqual([...active, ...ended].toSorted());
  });

  it("reads the log page by page without a gap", async () => {
    const all = (await api.ask("GET", `/v1/releases/${ID}/records`, { as: "qa" })).json.items as {
      seq: number;
    }[];
    const seqs: number[] = [];
    let after: string | undefined = "0";
    while (after !== undefined) {
      const path = `/v1/releases/${ID}/records?limit=1&after=${after}`;
      const { json } = await api.ask("GET", path, { as: "qa" });
      seqs.push(...(json.items as { seq: number }[]).map(({ seq }) => seq));
      after = json.next as string | undefined;
    }
    expect(seqs).toEqual(all.map(({ seq }) => seq));
    const beyond = await api.ask("GET", `/v1/releases/${ID}/records?after=100000`, { as: "qa" });
    expect(beyond.json).toMatchObject({ items: [] });
    expect(beyond.json).not.toHaveProperty("next");
  });
});

describe("every answer", () => {
  it.each(["/healthz", "/docs", "/v1/me", "/nowhere", "/v1/nowhere"])(
    "to GET %s has secure headers",
    async (path) => {
      const { headers } = await api.ask("GET", path, { as: "qa" });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    },
  );
});
