import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { keys } from "@gonogo/adapters/dynamodb/keys";
import { audit } from "@gonogo/functions/events/audit";
import { afterEach, describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const TABLE = "releases";
let api: VirtualApi | undefined;
afterEach(() => api?.simulation.stop());

/** A release that is over and anchored, and the table that somebody has got hold of. */
async function over() {
  api = await virtualApi();
  const { simulation } = api;
  expect(await simulation.runToEnd()).toBe(true);
  const { control } = simulation;
  await control.clock.advance(600_000);
  const client = new DynamoDBClient(control.engine.aws as never);
  const { runtime } = control;
  return {
    api,
    control,
    audit: () => control.during(() => audit(runtime)),
    client,
    async edit(place: number, change: (doc: string) => string) {
      const Key = keys.record(ID, place);
      const { Item } = await control.during(() => client.send(new GetItemCommand({ TableName: TABLE, Key })));
      const doc = { S: change(Item?.doc?.S ?? "") };
      await control.during(() =>
        client.send(new PutItemCommand({ TableName: TABLE, Item: { ...Item, doc } })),
      );
    },
    async remove(key: ReturnType<typeof keys.record>) {
      await control.during(() => client.send(new DeleteItemCommand({ TableName: TABLE, Key: key })));
    },
  };
}

describe("the verification that runs by itself", () => {
  it("finds nothing where nothing was changed, and says when that was", async () => {
    const world = await over();
    const result = await world.audit();
    expect(result).toMatchObject({ found: [], releases: 1, wholeAt: world.api.now() });
    const { json } = await world.api.ask("GET", "/v1/audit", { as: "qa" });
    expect(json.verified).toEqual(result);
  });

  it("fails aloud on a record that was edited, and keeps the time when all was well", async () => {
    const world = await over();
    const { wholeAt } = await world.audit();
    await world.control.clock.advance(600_000);
    await world.edit(4, (doc) => doc.replace(/"at":"2026/, '"at":"2025'));
    await expect(world.audit()).rejects.toThrow(`does not verify: edited: ${ID}: record 4`);
    const { json } = await world.api.ask("GET", "/v1/audit", { as: "qa" });
    expect(json.verified).toMatchObject({ wholeAt, found: [{ class: "edited" }] });
  });

  it("names a log that was deleted, and a tail", async () => {
    const world = await over();
    const { seq } = await world.api.simulation.load();
    await world.remove(keys.record(ID, seq));
    await expect(world.audit()).rejects.toThrow("truncated");
    for (let place = 1; place < seq; place++) await world.remove(keys.record(ID, place));
    await world.remove(keys.state(ID));
    await expect(world.audit()).rejects.toThrow("deleted");
    const { json } = await world.api.ask("GET", `/v1/releases/${ID}/verification`, { as: "qa" });
    expect(json).toMatchObject({ ok: false, found: { class: "deleted", seq: 1 } });
  });

  it("finds a leaf that was changed", async () => {
    const world = await over();
    await world.remove(keys.leaf(0));
    await expect(world.audit()).rejects.toThrow("unproved");
  });
});
