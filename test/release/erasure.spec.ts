import { DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { keys } from "@gonogo/adapters/dynamodb/keys";
import { bundleLines, ErasedMeanwhile } from "@gonogo/core/audit/make-bundle";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { erased } from "@gonogo/core/erasure/find";
import { foldRelease } from "@gonogo/core/erasure/fold";
import { audit } from "@gonogo/functions/events/audit";
import { eraseOfRelease } from "@gonogo/functions/events/erase-of-release";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bundleOf, keyOf, sourceOf, verdictOn } from "../support/bundle.ts";
import { readSmallPlan, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const WORDS = "Maria Keller is ill until Friday";
let api: VirtualApi;
/** The record that has the words as its reason. */
let record: number;

beforeAll(async () => {
  api = await virtualApi();
  await command("pause-1", { type: "Pause" }, WORDS);
  record = (await api.simulation.records()).find(({ reason }) => reason === WORDS)?.seq ?? 0;
  // It names what it was paused for, and so repeats it in a record of its own.
  await command("pause-2", { type: "Pause" }, "again");
  const lift = { as: "release-manager", key: "w", body: window };
  expect((await api.ask("POST", "/v1/calendar/freezes", lift)).status).toBeLessThan(300);
  await minutes(11);
}, 60_000);
afterAll(() => api?.simulation.stop());

const window = {
  name: "Stocktaking with Maria Keller",
  from: "2026-06-01T00:00:00Z",
  to: "2026-06-02T00:00:00Z",
  reason: "Maria Keller counts",
};

async function command(key: string, body: object, reason: string) {
  const sent = { as: "release-manager", key, body: { command: body, reason } };
  return await api.ask("POST", `/v1/releases/${ID}/commands`, sent);
}

const minutes = (count: number) => api.simulation.control.clock.advance(count * 60_000);
const erase = (body: object, as = "release-manager", key = "e", log = ID) =>
  api.ask("POST", `/v1/audit/logs/${log}/erasures`, { as, key, body });
const verified = async () => (await api.ask("GET", `/v1/releases/${ID}/verification`, { as: "qa" })).json;

/** All that the table has of a log, as text. */
async function stored(log = ID): Promise<string> {
  const { control } = api.simulation;
  const client = new DynamoDBClient(control.engine.aws as never);
  const query = {
    TableName: "releases",
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": { S: `REL#${log}` } },
  };
  const { Items } = await control.during(() => client.send(new QueryCommand(query)));
  return JSON.stringify(Items);
}

describe("a text that somebody typed", () => {
  it("is erased by who may, with a reason that does not repeat it", async () => {
    const body = { record, reason: "request 4711" };
    expect((await erase(body, "qa", "q")).json).toMatchObject({ code: "erasure.not-your-role" });
    expect((await erase({ ...body, reason: `because ${WORDS}` })).json).toMatchObject({
      code: "erasure.reason-repeats",
    });
    expect((await erase({ ...body, record: 999 })).json).toMatchObject({ code: "erasure.no-record" });
    expect((await erase({ ...body, fields: ["/event/title"] })).json).toMatchObject({
      code: "erasure.nothing",
    });
    expect((await erase({ ...body, fields: ["/actor/id"] })).status).toBe(422);
    expect((await erase({ ...body, log: "other" }, "release-manager", "e", "REL-NONE")).status).not.toBe(200);
    expect(await stored()).toContain(WORDS);
  });

  it("is shown before, with everything in the log that repeats it", async () => {
    const before = await api.simulation.load();
    const { json } = await erase({ record, fields: ["/reason"], reason: "request 4711", dryRun: true });
    expect(json).toMatchObject({ status: "not asked" });
    const texts = json.texts as { seq: number; pointer: string; text: string }[];
    expect(texts[0]).toEqual({ seq: record, pointer: "/reason", text: WORDS });
    expect(texts.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(["/event/cause", "/event/why"]),
    );
    const alone = { record, fields: ["/reason"], only: true, reason: "request 4711", dryRun: true };
    expect((await erase(alone)).json.texts).toHaveLength(1);
    expect((await api.simulation.load()).seq).toBe(before.seq);
  });

  it("is on record first, and gone once that record is signed", async () => {
    const source = await sourceOf(api.simulation.control);
    const asked = await erase({ record, reason: "request 4711" });
    expect(asked).toMatchObject({ status: 200, json: { status: "asked" } });
    const { seq } = asked.json as { seq: number };
    expect((await api.simulation.records())[seq - 1]?.event.type).toBe("ErasureAsked");
    // Asked again, with the same key or another, it is what it is.
    expect((await erase({ record, reason: "request 4711" })).json).toMatchObject({ status: "asked", seq });
    expect((await erase({ record, reason: "soon?" }, "release-manager", "f")).json).toMatchObject({ seq });
    // A visit, or two, before the signature: nothing is taken.
    const { control } = api.simulation;
    await control.during(() => eraseOfRelease(control.runtime, ID));
    expect(await stored()).toContain(WORDS);
    // Something that happens meanwhile says it once more.
    await command("pause-3", { type: "Pause" }, "a third time");

    await minutes(30);
    const table = await stored();
    expect(table).not.toContain(WORDS);
    expect(table).not.toContain("Maria Keller");
    const types = (await api.simulation.records()).map(({ event }) => event.type);
    expect(types.filter((type) => type === "ErasureAsked")).toHaveLength(2);
    expect(types.filter((type) => type === "TextsErased")).toHaveLength(2);
    expect(await verified()).toMatchObject({ ok: true });
    expect((await erase({ record, reason: "request 4711" })).json).toMatchObject({ status: "erased", seq });

    // Who began to export before is told to begin again, and finds it whole then.
    await expect(bundleOf(source)).rejects.toThrow(ErasedMeanwhile);
    const lines = [];
    for await (const line of bundleLines(source, "all", "kept")) lines.push(line);
    expect(await verdictOn(lines, keyOf(source))).toMatchObject({
      found: [{ class: "edited", release: ID, seq: record }],
    });
    // The server's own look, begun when the newest checkpoint was the one from before, ends with that record too.
    const { anchors } = control.runtime;
    const first = vi.spyOn(anchors, "newestCheckpoint").mockResolvedValueOnce(source.checkpoints.at(-1));
    const looked = await control.during(() => audit(control.runtime));
    first.mockRestore();
    expect(looked).toMatchObject({ found: [], releases: 2 });

    const now = await sourceOf(control);
    const bundle = await bundleOf(now);
    expect(await verdictOn(bundle, keyOf(now))).toMatchObject({ ok: true });
    expect(JSON.stringify(bundle)).not.toContain(WORDS);
  });

  it("is told as erased in the view, the documents and whatever else is read of it", async () => {
    const { json: view } = await api.ask("GET", `/v1/releases/${ID}`, { as: "release-manager" });
    expect(JSON.stringify(view)).toContain("(erased on 2026-");
    expect(JSON.stringify(view)).not.toContain("erased:sha256");
    const { json } = await api.ask("GET", `/v1/releases/${ID}/documents`, { as: "qa" });
    expect(JSON.stringify(json)).toContain("(erased on 2026-");
    expect(JSON.stringify(json)).not.toContain("erased:sha256");
  });

  it("leaves the state as the log leads to it, and a used key used", async () => {
    const { state } = await api.simulation.load();
    const records = await api.simulation.records();
    const folded = await foldRelease(records, async () => readSmallPlan());
    expect(JSON.parse(JSON.stringify(folded))).toEqual(state);
    expect((await command("pause-1", { type: "Pause" }, WORDS)).json).toMatchObject({
      code: "idempotency.reused",
    });
  });

  it("does not stop the release, nor its end", async () => {
    await command("resume", { type: "Resume" }, "well again");
    expect(await api.simulation.runToEnd()).toBe(true);
    expect(await verified()).toMatchObject({ ok: true });
    const records = await api.simulation.records();
    const signed = records.find(({ event }) => event.type === "ReviewSigned")?.seq ?? 0;
    expect((await erase({ record: signed, reason: "request 9" }, "release-manager", "g")).status).toBe(200);
    await minutes(30);
    // Of a release that is over too, by the clock's visits alone.
    expect((await api.simulation.records()).at(-1)?.event).toMatchObject({ type: "TextsErased" });
    expect(await verified()).toMatchObject({ ok: true });
  });

  it("is erased from the deployment's own log, by the sweep", async () => {
    const { items } = (await api.ask("GET", "/v1/audit/logs/deployment", { as: "qa" })).json as {
      items: { seq: number; event: { type: string } }[];
    };
    const declared = items.find(({ event }) => event.type === "CalendarSpanDeclared")?.seq;
    const body = { record: declared, reason: "request 8" };
    const sent = await api.ask("POST", "/v1/audit/logs/deployment/erasures", {
      as: "release-manager",
      key: "d",
      body,
    });
    expect(sent.json).toMatchObject({ status: "asked" });
    expect(await stored(DEPLOYMENT)).toContain("Maria Keller");
    await minutes(20);
    expect(await stored(DEPLOYMENT)).not.toContain("Maria Keller");
    const { json } = await api.ask("GET", "/v1/deployment/verification", { as: "qa" });
    expect(json).toMatchObject({ ok: true });
    const { json: calendar } = await api.ask(
      "GET",
      "/v1/calendar?from=2026-05-30T00:00:00Z&to=2026-06-10T00:00:00Z",
      {
        as: "qa",
      },
    );
    expect(JSON.stringify(calendar)).toContain("(erased on 2026-");
  });

  it("is found missing where somebody with the table at hand blanks it", async () => {
    const { control } = api.simulation;
    const victim = (await api.simulation.records()).find(
      ({ reason }) => reason === "well again",
    ) as AuditRecord;
    const doc = JSON.stringify(erased(victim, ["/reason"]));
    const put = new UpdateItemCommand({
      TableName: "releases",
      Key: keys.record(ID, victim.seq),
      UpdateExpression: "SET doc = :doc",
      ExpressionAttributeValues: { ":doc": { S: doc } },
    });
    await control.during(() => new DynamoDBClient(control.engine.aws as never).send(put));
    expect(await verified()).toMatchObject({
      ok: false,
      found: {
        class: "edited",
        seq: victim.seq,
        detail: expect.stringContaining("no record says that it was erased"),
      },
    });
  });
});
