import { beforeAll, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
let api: VirtualApi;
beforeAll(async () => {
  api = await virtualApi();
});

describe("the board", () => {
  it("shows each active release, with what is asked of whoever looks and of nobody else", async () => {
    const { status, json } = await api.ask("GET", "/v1/board", { as: "qa" });
    expect(status).toBe(200);
    expect(json.releases).toMatchObject([
      { id: ID, status: "gates", mine: [{ kind: "task", roles: ["QA"] }] },
    ]);
    const { json: other } = await api.ask("GET", "/v1/board", { as: "pipeline" });
    expect(other.releases).toMatchObject([{ id: ID, mine: [] }]);
  });

  it("answers 304 until something happens, to the same person", async () => {
    const etag = (await api.ask("GET", "/v1/board", { as: "qa" })).headers.get("etag") ?? "";
    const headers = { "if-none-match": etag };
    expect((await api.ask("GET", "/v1/board", { as: "qa", headers })).status).toBe(304);
    expect((await api.ask("GET", "/v1/board", { as: "release-manager", headers })).status).toBe(200);
    const command = { type: "AnswerCheck", check: "tests-passed", answer: "no" };
    await api.ask("POST", `/v1/releases/${ID}/commands`, { as: "qa", key: "no", body: { command } });
    expect((await api.ask("GET", "/v1/board", { as: "qa", headers })).status).toBe(200);
  });
});

describe("what a command would bring about", () => {
  it("is told without anything being recorded", async () => {
    const writes = api.writes();
    const body = { command: { type: "Abort" } };
    const { status, json } = await api.ask("POST", `/v1/releases/${ID}/commands/preview`, {
      as: "release-manager",
      body,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ ok: true, from: "gates", to: "aborted" });
    expect(api.writes()).toBe(writes);
  });

  it("is told as a refusal where it would be one", async () => {
    const body = { command: { type: "Resume" } };
    const { status, json } = await api.ask("POST", `/v1/releases/${ID}/commands/preview`, {
      as: "release-manager",
      body,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ ok: false, code: "resume.not-paused" });
  });

  it("is not known of a release that is not there", async () => {
    const body = { command: { type: "Pause" } };
    const asked = await api.ask("POST", "/v1/releases/REL-NO/commands/preview", { as: "qa", body });
    expect(asked.json).toMatchObject({ status: 404, code: "release.unknown" });
  });
});

describe("the difference of a plan", () => {
  it("is against the last release of the same component, or another by name", async () => {
    const first = await api.ask("GET", `/v1/releases/${ID}/difference`, { as: "qa" });
    expect(first.json).toEqual({ changes: [] });
    const body = { text: smallPlan({ id: "REL-NEXT" }) };
    expect((await api.ask("POST", "/v1/releases", { as: "pipeline", key: "next", body })).status).toBe(201);
    const { json } = await api.ask("GET", "/v1/releases/REL-NEXT/difference", { as: "qa" });
    expect(json.with).toMatchObject({ id: ID });
    const named = await api.ask("GET", `/v1/releases/REL-NEXT/difference?with=${ID}`, { as: "qa" });
    expect(named.json).toEqual(json);
    const none = await api.ask("GET", "/v1/releases/REL-NEXT/difference?with=REL-NO", { as: "qa" });
    expect(none.status).toBe(404);
  });
});
