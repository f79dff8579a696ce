import { DynamoReleaseStore } from "@gonogo/adapters/dynamodb/store";
import { type Actor, personId } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import { CalendarRules } from "@gonogo/core/calendar/schema";
import type { DeploymentBody } from "@gonogo/core/deployment/commands";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { Instant } from "@gonogo/core/kit/instant";
import { decide } from "@gonogo/core/release/decide";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { executeForDeployment } from "@gonogo/functions/execute-deployment";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemRandom } from "../kernel/random.ts";
import { createTables } from "./tables.ts";
import { type Place, places, productTable } from "./testing.ts";
import { batchesOf } from "./testing-batches.ts";

const NOW = "2025-06-04T01:00:00.000Z" as Instant;
const MANAGER: Actor = { kind: "person", id: personId("test", "m"), roles: ["Release Manager"] };
const rules = CalendarRules.parse({ calendar: 1, freezes: [{ name: "Christmas", dates: "12-24..12-26" }] });
const SET: DeploymentBody = { type: "SetCalendarRules", rules };
const freeze = (name: string): DeploymentBody => ({
  type: "DeclareSpan",
  kind: "freeze",
  name,
  to: "2025-06-05T00:00:00.000Z" as Instant,
});

describe.each(places)("the deployment's own log on $name", ({ open }) => {
  let place: Place;
  let store: DynamoReleaseStore;
  let count = 0;
  const runtime = () => ({
    store,
    clock: { now: () => NOW, sleep: async () => {} },
    newId: () => crypto.randomUUID(),
    newSalt: () => systemRandom().salt(),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const ask = (body: DeploymentBody, id: string = crypto.randomUUID(), actor = MANAGER, reason = "test") =>
    executeForDeployment(runtime(), { id, actor, reason, body });

  beforeAll(async () => {
    place = await open();
  });
  afterAll(async () => place?.close());
  beforeEach(async () => {
    const name = `deployment-${count++}`;
    await createTables(place.client, [productTable(name)]);
    store = new DynamoReleaseStore(place.config, name);
  });

  it("begins empty, and keeps what was changed in a chain that verifies", async () => {
    expect(await store.deployment()).toMatchObject({ seq: 0, state: { calendar: { version: 0 } } });
    expect(await ask(SET)).toMatchObject({ ok: true, seq: 1 });
    expect(await ask(freeze("Quarter end"))).toMatchObject({ ok: true, seq: 2 });
    const { state, seq, head } = await store.deployment();
    expect(state.calendar.rules.freezes[0]?.name).toBe("Christmas");
    const records = await store.deploymentRecords(1, 10);
    expect(records.map(({ event }) => event.type)).toEqual(["CalendarRulesSet", "CalendarSpanDeclared"]);
    expect(verifyChain(DEPLOYMENT, records, { seq, digest: head })).toMatchObject({ ok: true, records: 2 });
  });

  it("does the same request once, records who was refused, and takes a key for one thing only", async () => {
    const first = await ask(freeze("A"), "k");
    expect(await ask(freeze("A"), "k")).toMatchObject({ ok: true, seq: first.ok ? first.seq : 0 });
    expect(await ask(freeze("B"), "k")).toMatchObject({ rejection: { code: "idempotency.reused" } });
    const nobody: Actor = { kind: "person", id: personId("test", "n"), roles: ["QA"] };
    for (let time = 0; time < 2; time++) {
      expect(await ask(SET, "n", nobody)).toMatchObject({ rejection: { code: "calendar.not-your-role" } });
    }
    const records = await store.deploymentRecords(1, 10);
    expect(records.map(({ event }) => event.type)).toEqual(["CalendarSpanDeclared", "CommandRefused"]);
  });

  it("loses nothing where many ask at once", async () => {
    const names = Array.from({ length: 8 }, (_, n) => `F${n}`);
    const outcomes = await Promise.all(names.map((name) => ask(freeze(name))));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const { state, seq } = await store.deployment();
    expect(seq).toBe(8);
    expect(
      Object.values(state.calendar.declared)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    expect(new Set(Object.keys(state.calendar.declared)).size).toBe(8);
  });

  it("a release's write that rests on the calendar is refused once the calendar has changed", async () => {
    const drive = new Drive(samplePlan(), NOW);
    const [batch] = batchesOf(drive.plan, drive.log);
    if (batch === undefined) throw new Error("nothing was written");
    await ask(SET);
    expect(await store.append({ ...batch, deploymentAt: 0 })).toEqual({ kind: "deployment-moved-on" });
    expect(await store.load("REL-1")).toBeUndefined();
    expect(await store.append({ ...batch, deploymentAt: 1 })).toEqual({ kind: "written" });
  });

  it("is no release, and no release has its name", async () => {
    await ask(SET);
    expect(await store.load(DEPLOYMENT)).toBeUndefined();
    expect((await store.list("active", { limit: 10 })).items).toEqual([]);
    const plan = samplePlan({ id: DEPLOYMENT });
    const body = { type: "Submit", plan, release: DEPLOYMENT, revision: 1 } as const;
    const decision = decide(plan, undefined, { id: "c", at: NOW, actor: MANAGER, body });
    expect(decision).toMatchObject({ rejection: { code: "release.reserved-id" } });
  });
});
