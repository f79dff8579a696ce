import { DescribeTimeToLiveCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTables, type TableSpec } from "./tables.ts";
import { memoryPlace, type Place, places, productTable } from "./testing.ts";
import { startSweeping, sweepExpired } from "./time-to-live.ts";

describe.each(places)("the tables of a description, on $name", ({ open }) => {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });
  afterAll(async () => place?.close());

  it("are created once, however often and by how many they are asked for", async () => {
    const specs: TableSpec[] = [
      { ...productTable("product"), ttlAttribute: "endsAt" },
      {
        name: "small",
        partitionKey: "id",
        indexes: [{ name: "byName", partitionKey: "name", projection: ["age"] }],
      },
    ];
    await Promise.all([createTables(place.client, specs), createTables(place.client, specs)]);
    await createTables(place.client, specs);
    const { TimeToLiveDescription } = await place.client.send(
      new DescribeTimeToLiveCommand({ TableName: "product" }),
    );
    expect(TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: "ENABLED", AttributeName: "endsAt" });
  });

  it("are not taken for others that are there", async () => {
    await createTables(place.client, [{ name: "changed", partitionKey: "id" }]);
    const others: TableSpec[] = [
      { name: "changed", partitionKey: "pk" },
      { name: "changed", partitionKey: "id", sortKey: "sk" },
      { name: "changed", partitionKey: "id", stream: true },
      {
        name: "changed",
        partitionKey: "id",
        indexes: [{ name: "byX", partitionKey: "x", projection: "all" }],
      },
    ];
    for (const other of others) {
      await expect(createTables(place.client, [other])).rejects.toThrow(
        /the table changed is there already, but as keys id, without a stream; wanted is/,
      );
    }
  });

  it("lose the items whose life has ended, and no others", async () => {
    const spec: TableSpec = { name: "mortal", partitionKey: "id", ttlAttribute: "ttl" };
    await createTables(place.client, [spec]);
    const put = (id: string, ttl?: { N: string } | { S: string }) =>
      place.client.send(
        new PutItemCommand({
          TableName: "mortal",
          Item: { id: { S: id }, ...(ttl === undefined ? {} : { ttl }) },
        }),
      );
    await put("past", { N: "999" });
    await put("now", { N: "1000" });
    await put("future", { N: "1001" });
    await put("text", { S: "1" });
    await put("immortal");
    expect(await sweepExpired(place.client, spec, 1_000_500)).toBe(1);
    const there = async (id: string) =>
      (await place.client.send(new GetItemCommand({ TableName: "mortal", Key: { id: { S: id } } }))).Item !==
      undefined;
    expect(await there("past")).toBe(false);
    for (const id of ["now", "future", "text", "immortal"]) expect(await there(id)).toBe(true);
  });
});

describe("the sweeper", () => {
  it("goes round each hour of the engine's time until it is stopped", async () => {
    const place = memoryPlace();
    const spec: TableSpec = { name: "mortal", partitionKey: "id", ttlAttribute: "ttl" };
    await createTables(place.client, [spec]);
    const stop = startSweeping(place.kernel, place.client, [spec]);
    const ends = Math.floor(place.clock.now() / 1000) + 90 * 60;
    const put = () =>
      place.client.send(
        new PutItemCommand({ TableName: "mortal", Item: { id: { S: "a" }, ttl: { N: String(ends) } } }),
      );
    const there = async () =>
      (await place.client.send(new GetItemCommand({ TableName: "mortal", Key: { id: { S: "a" } } }))).Item !==
      undefined;
    await put();
    await place.clock.advance(100 * 60_000);
    expect(await there()).toBe(true);
    await place.clock.advance(21 * 60_000);
    expect(await there()).toBe(false);
    stop();
    await put();
    await place.clock.advance(24 * 60 * 60_000);
    expect(await there()).toBe(true);
    expect(place.errors).toEqual([]);
  });
});
