import { personId } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const QA = personId("demo", "qa");

let api: VirtualApi;
let keys = 0;
beforeEach(async () => {
  api = await virtualApi();
  api.simulation.punctual = false;
});
afterEach(() => api.simulation.stop());

const key = () => `delegation-${++keys}`;
const later = (minutes: number) => fromMillis(toMillis(api.now()) + minutes * 60_000);

const lend = (as = "release-manager", role = "Release Manager", until: Instant = later(30)) =>
  api.ask("POST", "/v1/delegations", { as, key: key(), body: { role, to: QA, until, reason: "on a train" } });
const withdraw = (id: unknown, as = "release-manager") =>
  api.ask("DELETE", `/v1/delegations/${id}`, { as, key: key(), body: { reason: "back" } });

async function approve(release = ID, as = "qa") {
  const plan = (await api.ask("GET", `/v1/releases/${release}`, { as })).json.planDigest;
  const command = { type: "Approve", role: "Release Manager", plan };
  return await api.ask("POST", `/v1/releases/${release}/commands`, { as, key: key(), body: { command } });
}

describe("a role that is lent for every release", () => {
  it("holds in those that run and in those that come, and is on both logs", async () => {
    expect((await approve()).json.code).toBe("approval.not-your-role");
    const lent = await lend();
    expect(lent).toMatchObject({ status: 201, json: { id: "delegation-1" } });
    const shown = (await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" })).json;
    expect(shown.delegations).toMatchObject([
      { role: "Release Manager", to: QA, everywhere: "delegation-1" },
    ]);
    expect((await approve()).status).toBe(200);
    const text = smallPlan({ id: "REL-NEXT", start: "2026-05-06T10:00:00Z" });
    await api.ask("POST", "/v1/releases", { as: "pipeline", key: key(), body: { text } });
    expect((await approve("REL-NEXT")).status).toBe(200);
    const list = (await api.ask("GET", "/v1/delegations", { as: "qa" })).json;
    expect(list.items).toMatchObject([{ id: "delegation-1", to: QA, reason: "on a train" }]);
    const { control } = api.simulation;
    const { seq, head } = await control.during(() => control.runtime.store.deployment());
    const records = await control.during(() => control.runtime.store.deploymentRecords(1, seq));
    expect(records.map(({ event }) => event.type)).toContain("RoleLent");
    expect(verifyChain(DEPLOYMENT, records, { seq, digest: head }).ok).toBe(true);
  });

  it("is gone at once when it is withdrawn, even where a release has not been told", async () => {
    await lend();
    const { runtime } = api.simulation.control;
    // As though the telling had failed: the log of the release still has the delegation.
    const { list } = runtime.store;
    runtime.store.list = async () => ({ items: [] });
    expect((await withdraw("delegation-1")).status).toBe(200);
    runtime.store.list = list;
    expect((await api.simulation.load()).state.delegations).toHaveLength(1);
    expect((await approve()).json.code).toBe("approval.not-your-role");
    expect((await api.simulation.load()).state.delegations).toEqual([]);
  });

  it("ends by itself, and is of nobody else", async () => {
    await lend("release-manager", "Release Manager", later(5));
    expect((await lend("qa", "Release Manager")).json.code).toBe("delegation.not-your-role");
    expect((await withdraw("delegation-1", "devsecops")).json.code).toBe("delegation.not-yours");
    expect((await withdraw("delegation-7")).json.code).toBe("delegation.unknown");
    await api.simulation.runTo(later(6));
    expect((await approve()).json.code).toBe("approval.not-your-role");
    expect((await api.ask("GET", "/v1/delegations", { as: "qa" })).json.items).toEqual([]);
    const bare = { role: "Release Manager", to: QA, until: later(30) };
    const silent = await api.ask("POST", "/v1/delegations", {
      as: "release-manager",
      key: key(),
      body: bare,
    });
    expect(silent.json.code).toBe("delegation.no-reason");
  });
});
