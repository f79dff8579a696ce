import { verifyChain } from "@gonogo/core/audit/chain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { untilWatching, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const MORE = `change: CHG-12
closing:
  - { id: log, kind: changelog, owner: DevSecOps, required: true }
  - { id: page, kind: status-page, owner: DevSecOps, channel: Status page }
  - { id: cr, kind: ticket, owner: Release Manager, channel: Jira, required: true }
channels:
  - { name: Status page, purpose: Customers, owner: DevSecOps }
  - { name: Jira, purpose: Tickets, owner: Release Manager }
`;

let api: VirtualApi;
beforeAll(async () => {
  api = await virtualApi({ plan: { more: MORE } });
});
afterAll(() => api.simulation.stop());

const view = async () => (await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" })).json;

describe("what closes a release, through real handlers", () => {
  it("is done by its channels and people, the ticket last and with the record; then it is archived", async () => {
    const { simulation } = api;
    await untilWatching(api);
    simulation.punctual = false;
    await simulation.runUntil(
      ({ state }) => state.status === "validating",
      "2026-05-06T10:00:00.000Z" as never,
    );
    const well = { type: "RecordValidation", validation: "prices-agree", pass: true, result: "they do" };
    const path = `/v1/releases/${ID}/commands`;
    await api.ask("POST", path, { as: "release-manager", key: "well", body: { command: well } });
    const sign = { type: "SignReview", role: "Release Manager", entries: {} };
    await api.ask("POST", path, { as: "release-manager", key: "sign", body: { command: sign } });
    expect((await view()).status).toBe("reviewing");
    const done = `/v1/releases/${ID}/obligations/log/complete`;
    const bare = await api.ask("POST", done, { as: "devsecops", key: "bare", body: { note: "written" } });
    expect(bare).toMatchObject({ status: 422, json: { code: "obligation.no-evidence" } });
    const body = { evidence: "https://git.example.com/CHANGELOG.md" };
    expect((await api.ask("POST", done, { as: "devsecops", key: "log", body })).status).toBe(200);
    await simulation.runToEnd();
    await simulation.runTo(new Date(Date.parse(api.now()) + 3_600_000).toISOString() as never);
    const { closing, status, archive } = await view();
    expect(status).toBe("completed");
    expect(closing).toMatchObject([
      { id: "log", status: "done", evidence: body.evidence },
      { id: "page", status: "done", evidence: "told by simulated Status page" },
      { id: "cr", status: "done", evidence: "told by simulated Jira" },
    ]);
    expect(archive).toMatchObject({ archivedAt: expect.any(String) });
    const { seq, head } = await simulation.load();
    const records = (await simulation.records()).slice(0, seq);
    expect(verifyChain(ID, records, { seq, digest: head }).ok).toBe(true);
    const attached = (closing as { record?: { seq: number; digest: string } }[])[2]?.record;
    expect(records.find((record) => record.seq === attached?.seq)?.digest).toBe(attached?.digest);
    const types = records.map(({ event }) => event.type);
    expect(types.indexOf("ReleaseCompleted")).toBeGreaterThan(types.lastIndexOf("ObligationCompleted"));
  });
});
