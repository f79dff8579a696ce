import { beforeAll, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const MORE = `obligations:
  - { id: merge-back, what: Merge the hotfix back to main, role: DevSecOps, within: 24 h, blocks: true }
`;
const DONE = "/v1/releases/REL-SMALL/obligations/merge-back/complete";

function nextPlan(id: string, start: string): string {
  return smallPlan({ id, start }).replace('version: "42"', 'version: "43"');
}

/** The next release of the same alias, on the engine's own time. */
async function submitNext(api: VirtualApi, id: string) {
  const start = new Date(Date.parse(api.now()) + 600_000).toISOString();
  return await api.ask("POST", "/v1/releases", {
    as: "pipeline",
    key: `${id}-${start}`,
    body: { text: nextPlan(id, start) },
  });
}

describe("what an ended release owes", () => {
  let api: VirtualApi;
  beforeAll(async () => {
    api = await virtualApi({ plan: { more: MORE } });
  });

  it("is not there before its time", async () => {
    const { status, json } = await api.ask("POST", DONE, {
      as: "devsecops",
      key: "too-early",
      body: { note: "merged" },
    });
    expect([status, json.code]).toEqual([409, "obligation.not-yet"]);
    expect((await api.ask("GET", "/v1/obligations", { as: "qa" })).json).toEqual({ items: [] });
  });

  it("holds up what was submitted before, at its start, by name", async () => {
    const { control } = api.simulation;
    const start = "2026-05-05T10:25:00Z";
    await control.engine.kernel.call("lambda", "PublishVersion", { FunctionName: "orders-api" });
    const text = nextPlan("REL-EARLY", start);
    const submitted = await api.ask("POST", "/v1/releases", { as: "pipeline", key: "early", body: { text } });
    expect(submitted.status).toBe(201);
    for (const [as, command] of [
      ["qa", { type: "AnswerCheck", check: "tests-passed", answer: "yes" }],
      [
        "release-manager",
        { type: "Approve", role: "Release Manager", plan: await digestOf(api, "REL-EARLY") },
      ],
    ] as const) {
      const path = "/v1/releases/REL-EARLY/commands";
      expect(await api.ask("POST", path, { as, key: as, body: { command } })).toMatchObject({ status: 200 });
    }
    await api.simulation.runToEnd();
    expect((await api.simulation.load()).state.status).toBe("completed");
    await api.simulation.runTo("2026-05-05T10:30:00.000Z" as never);
    const early = await control.during(() => control.runtime.store.load("REL-EARLY"));
    expect(early?.state.status).toBe("ready");
    expect(early?.state.startHeld).toEqual([
      expect.stringMatching(
        /^REL-SMALL owes "Merge the hotfix back to main" \(merge-back, for DevSecOps, due /,
      ),
    ]);
  });

  it("is listed across releases, for a role, with the release it is of", async () => {
    const { json } = await api.ask("GET", "/v1/obligations?role=DevSecOps", { as: "qa" });
    expect(json).toMatchObject({
      items: [
        { release: "REL-SMALL", id: "merge-back", open: true, blocks: true, components: ["orders-api"] },
      ],
    });
    expect((await api.ask("GET", "/v1/obligations?role=QA", { as: "qa" })).json).toEqual({ items: [] });
    const other = await api.ask("GET", "/v1/obligations?component=web", { as: "qa" });
    expect(other.json).toEqual({ items: [] });
  });

  it("holds up the next submission, which names it", async () => {
    const { status, json } = await submitNext(api, "REL-NEXT");
    expect([status, json.code]).toEqual([409, "release.blocked"]);
    expect(json.detail).toContain(
      'REL-SMALL owes "Merge the hotfix back to main" (merge-back, for DevSecOps',
    );
    expect((await api.ask("GET", "/v1/releases/REL-NEXT", { as: "qa" })).status).toBe(404);
  });

  it("is completed by its role, with evidence, once", async () => {
    const wrong = await api.ask("POST", DONE, { as: "qa", key: "k1", body: { note: "merged" } });
    expect([wrong.status, wrong.json.code]).toEqual([403, "obligation.not-your-role"]);
    const empty = await api.ask("POST", DONE, { as: "devsecops", key: "k2", body: {} });
    expect([empty.status, empty.json.code]).toEqual([422, "obligation.no-proof"]);
    const keyless = await api.ask("POST", DONE, { as: "devsecops", body: { note: "merged" } });
    expect(keyless.status).toBe(422);
    const proof = { evidence: "https://git.example.com/mr/7" };
    const done = await api.ask("POST", DONE, { as: "devsecops", key: "k3", body: proof });
    expect(done).toMatchObject({ status: 200, json: { release: "REL-SMALL", status: "completed" } });
    const again = await api.ask("POST", DONE, { as: "devsecops", key: "k3", body: proof });
    expect(again.json).toEqual(done.json);
    const twice = await api.ask("POST", DONE, { as: "devsecops", key: "k4", body: proof });
    expect([twice.status, twice.json.code]).toEqual([409, "obligation.completed"]);
  });

  it("then holds nothing up any more", async () => {
    expect((await api.ask("GET", "/v1/obligations", { as: "qa" })).json).toEqual({ items: [] });
    const closed = await api.ask("GET", "/v1/obligations?open=false", { as: "qa" });
    expect(closed.json).toMatchObject({
      items: [
        { id: "merge-back", open: false, evidence: "https://git.example.com/mr/7" },
        { id: "review", open: false },
      ],
    });
    expect((await submitNext(api, "REL-NEXT")).status).toBe(201);
    await api.simulation.runTo("2026-05-05T10:35:00.000Z" as never);
    const { control } = api.simulation;
    const early = await control.during(() => control.runtime.store.load("REL-EARLY"));
    expect(early?.state.startedAt).toBeDefined();
  });
});

async function digestOf(api: VirtualApi, id: string): Promise<unknown> {
  return (await api.ask("GET", `/v1/releases/${id}`, { as: "qa" })).json.planDigest;
}
