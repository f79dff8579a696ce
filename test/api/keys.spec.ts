import { beforeEach, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type Answered, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const COMMANDS = `/v1/releases/${ID}/commands`;
const yes = { command: { type: "AnswerCheck", check: "tests-passed", answer: "yes" } };
const no = { command: { type: "AnswerCheck", check: "tests-passed", answer: "no" } };

let api: VirtualApi;
beforeEach(async () => {
  api = await virtualApi();
});

async function types(): Promise<string[]> {
  const { json } = await api.ask("GET", `/v1/releases/${ID}/records?limit=500`, { as: "qa" });
  return (json.items as { event: { type: string } }[]).map(({ event }) => event.type);
}

async function unchanged(work: () => Promise<Answered>): Promise<Answered> {
  const before = api.writes();
  const answer = await work();
  expect(api.writes()).toBe(before);
  return answer;
}

describe("an idempotency key", () => {
  it("that comes again with the same request is answered the same, and done once", async () => {
    const first = await api.ask("POST", COMMANDS, { as: "qa", key: "k", body: yes });
    const other = await api.ask("POST", COMMANDS, { as: "qa", key: "k2", body: no });
    expect(other.json.seq).toBe(Number(first.json.seq) + 1);
    const again = await api.ask("POST", COMMANDS, { as: "qa", key: "k", body: yes });
    expect(again).toMatchObject({ status: 200, json: first.json });
    expect((await types()).filter((type) => type === "CheckAnswered")).toHaveLength(2);
  });

  it("that comes ten times at once is done once", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => api.ask("POST", COMMANDS, { as: "qa", key: "k", body: yes })),
    );
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all[0]?.status).toBe(200);
    expect((await types()).filter((type) => type === "CheckAnswered")).toHaveLength(1);
  });

  it("holds its answer when the same request would now be refused", async () => {
    const pause = { command: { type: "Abort" }, reason: "not today" };
    const first = await api.ask("POST", COMMANDS, { as: "release-manager", key: "k", body: pause });
    expect(first.json).toMatchObject({ status: "aborted" });
    const again = await api.ask("POST", COMMANDS, { as: "release-manager", key: "k", body: pause });
    expect(again).toMatchObject({ status: 200, json: first.json });
  });

  it("holds a refusal too, once recorded", async () => {
    const approve = { command: { type: "Approve", role: "Release Manager", plan: "sha256:0" } };
    const first = await api.ask("POST", COMMANDS, { as: "qa", key: "k", body: approve });
    expect(first.status).toBe(403);
    const again = await unchanged(() => api.ask("POST", COMMANDS, { as: "qa", key: "k", body: approve }));
    expect(again).toMatchObject({ status: 403, json: first.json });
    expect((await types()).filter((type) => type === "CommandRefused")).toHaveLength(1);
  });

  it.each([
    ["another command", "qa", no],
    ["another reason", "qa", { ...yes, reason: "I looked" }],
    ["another person", "release-manager", yes],
  ])("that was used is refused for %s", async (_what, as, body) => {
    await api.ask("POST", COMMANDS, { as: "qa", key: "k", body: yes });
    const { status, json } = await unchanged(() => api.ask("POST", COMMANDS, { as, key: "k", body }));
    expect(status).toBe(409);
    expect(json.code).toBe("idempotency.reused");
  });

  it("that was used for what changed nothing is used as well", async () => {
    await api.ask("POST", COMMANDS, { as: "qa", key: "a", body: yes });
    const idle = await api.ask("POST", COMMANDS, { as: "qa", key: "b", body: yes });
    const before = await types();
    const { status } = await api.ask("POST", COMMANDS, { as: "qa", key: "b", body: no });
    expect([idle.status, status]).toEqual([200, 409]);
    expect(await types()).toEqual(before);
  });

  it.each([
    ["none", {}, /Idempotency-Key/],
    ["an empty one", { headers: { "idempotency-key": "" } }, /idempotency-key/i],
    ["one of 201 letters", { key: "k".repeat(201) }, /idempotency-key/i],
  ])("is needed: %s is refused and says so", async (_what, sent, says) => {
    for (const [path, body] of [
      [COMMANDS, yes],
      ["/v1/releases", { text: smallPlan({ id: "REL-KEYLESS" }) }],
    ] as const) {
      const answer = await unchanged(() => api.ask("POST", path, { as: "qa", body, ...sent }));
      expect(answer.status).toBe(422);
      expect(answer.json.detail).toMatch(says);
    }
  });

  it("makes a submission safe to ask again", async () => {
    const body = { text: smallPlan({ id: "REL-TWICE" }) };
    const sent = { as: "pipeline", key: "s", body };
    const first = await api.ask("POST", "/v1/releases", sent);
    const again = await api.ask("POST", "/v1/releases", sent);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    const changed = { text: smallPlan({ id: "REL-TWICE", watch: "9 min" }) };
    const other = await unchanged(() => api.ask("POST", "/v1/releases", { ...sent, body: changed }));
    expect(other).toMatchObject({ status: 409, json: { code: "idempotency.reused" } });
  });

  it("of a new try does not submit a release twice", async () => {
    const body = { text: smallPlan() };
    const { status, json } = await api.ask("POST", "/v1/releases", { as: "pipeline", key: "new", body });
    expect(status).toBe(409);
    expect(json.detail).toContain(ID);
  });
});

describe("an entity tag", () => {
  const show = (headers: Record<string, string> = {}) =>
    api.ask("GET", `/v1/releases/${ID}`, { as: "qa", headers });

  it("spares reading what has not changed, in every spelling", async () => {
    const etag = (await show()).headers.get("etag") ?? "";
    for (const tag of [etag, `W/${etag}`, `"old", ${etag}`, "*"]) {
      const answer = await show({ "if-none-match": tag });
      expect([tag, answer.status, answer.text]).toEqual([tag, 304, ""]);
    }
    expect((await show({ "if-none-match": '"0-x"' })).status).toBe(200);
    await api.ask("POST", COMMANDS, { as: "qa", key: "k", body: yes });
    expect((await show({ "if-none-match": etag })).status).toBe(200);
  });

  it("is another for another person, whose actions differ", async () => {
    const etag = (await show()).headers.get("etag") ?? "";
    const other = await api.ask("GET", `/v1/releases/${ID}`, {
      as: "release-manager",
      headers: { "if-none-match": etag },
    });
    expect(other.status).toBe(200);
  });

  it("keeps a command from a release that has moved on", async () => {
    const etag = (await show()).headers.get("etag") ?? "";
    const sent = { as: "qa", headers: { "if-match": etag } };
    const first = await api.ask("POST", COMMANDS, { ...sent, key: "a", body: yes });
    expect(first.status).toBe(200);
    const late = await unchanged(() => api.ask("POST", COMMANDS, { ...sent, key: "b", body: no }));
    expect(late).toMatchObject({ status: 412, json: { code: "release.moved-on" } });
    const again = await unchanged(() => api.ask("POST", COMMANDS, { ...sent, key: "a", body: yes }));
    expect(again).toMatchObject({ status: 200, json: first.json });
  });

  it("lets one of two through that were made on the same state", async () => {
    const etag = (await show()).headers.get("etag") ?? "";
    const sent = { as: "qa", headers: { "if-match": etag } };
    const both = await Promise.all([
      api.ask("POST", COMMANDS, { ...sent, key: "a", body: yes }),
      api.ask("POST", COMMANDS, { ...sent, key: "b", body: no }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });
});
