import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PacedClock } from "../kernel/clock.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { FunctionInvoker, InvokeResult } from "../kernel/ports.ts";
import { systemRandom } from "../kernel/random.ts";
import { type EngineStore, memoryStore } from "../kernel/store.ts";
import { emulatorBinary } from "./emulator.ts";
import { StreamDelivery } from "./stream.ts";
import type { StreamRecord } from "./stream-record.ts";
import { memoryStream, polledStream, type StreamSource } from "./stream-source.ts";
import { createTables } from "./tables.ts";
import { emulatorPlace, memoryPlace, type Place, productTable } from "./testing.ts";

const TABLE = "streamed";

/** A function that records what it is handed, and answers as it is told. */
function recorder() {
  const batches: StreamRecord[][] = [];
  const state = { answer: (_records: readonly StreamRecord[]): unknown => ({ batchItemFailures: [] }) };
  const invoker: FunctionInvoker = {
    async invoke(_target, payload): Promise<InvokeResult> {
      const { Records } = payload as { Records: StreamRecord[] };
      batches.push(Records);
      try {
        return { ok: true, payload: state.answer(Records), executedVersion: "1" };
      } catch (error) {
        const errorMessage = error instanceof Error ? error.message : String(error);
        return { ok: false, errorType: "Error", errorMessage, trace: [], executedVersion: "1" };
      }
    },
    invokeLater() {
      throw new Error("a stream waits for its function");
    },
  };
  const ids = () =>
    batches.map((records) =>
      records.map(({ dynamodb }) => (dynamodb.Keys.sk && "S" in dynamodb.Keys.sk ? dynamodb.Keys.sk.S : "")),
    );
  return { invoker, batches, ids, state };
}

const item = (sk: string, x: string) => ({ pk: { S: "a" }, sk: { S: sk }, x: { S: x } });
const put = (client: DynamoDBClient, sk: string, x = "1") =>
  client.send(new PutItemCommand({ TableName: TABLE, Item: item(sk, x) }));

describe("a stream of the table in memory", () => {
  let place: ReturnType<typeof memoryPlace>;
  let told: ReturnType<typeof recorder>;
  let failures: string[];
  const delivery = (options: { batchSize?: number } = {}) =>
    new StreamDelivery(place.kernel, {
      invoker: told.invoker,
      source: memoryStream(TABLE, place.dynamo.feed(TABLE)),
      consumer: {
        name: "publish",
        functionName: "publish",
        onFailure: (why) => failures.push(why),
        ...options,
      },
    });

  beforeEach(async () => {
    place = memoryPlace();
    told = recorder();
    failures = [];
    await createTables(place.client, [productTable(TABLE)]);
  });
  afterEach(() => expect(place.errors).toEqual([]));

  it("hands over what was inserted, changed and removed, in that order", async () => {
    delivery().start();
    await put(place.client, "1", "old");
    await put(place.client, "1", "new");
    await put(place.client, "1", "new");
    await place.client.send(
      new DeleteItemCommand({ TableName: TABLE, Key: { pk: { S: "a" }, sk: { S: "1" } } }),
    );
    await place.clock.advance(0);
    const records = told.batches.flat();
    expect(records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(records[1]).toMatchObject({
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      eventSourceARN: expect.stringContaining(`:table/${TABLE}/stream/`),
      dynamodb: {
        ApproximateCreationDateTime: place.clock.now() / 1000,
        Keys: { pk: { S: "a" }, sk: { S: "1" } },
        OldImage: item("1", "old"),
        NewImage: item("1", "new"),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers.toSorted()).toEqual(numbers);
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3);
    expect(records[0]?.dynamodb).not.toHaveProperty("OldImage");
    expect(records[2]?.dynamodb).not.toHaveProperty("NewImage");
  });

  it("says nothing of a transaction that was refused", async () => {
    delivery().start();
    const write = (sk: string, ConditionExpression?: string) => ({
      Put: {
        TableName: TABLE,
        Item: item(sk, "1"),
        ...(ConditionExpression === undefined ? {} : { ConditionExpression }),
      },
    });
    const refused = place.client.send(
      new TransactWriteItemsCommand({ TransactItems: [write("1"), write("2", "attribute_exists(pk)")] }),
    );
    await expect(refused).rejects.toThrow("[None, ConditionalCheckFailed]");
    await place.client.send(new TransactWriteItemsCommand({ TransactItems: [write("3"), write("4")] }));
    await place.clock.advance(0);
    expect(told.ids()).toEqual([["3", "4"]]);
  });

  it("cuts what has piled up into batches", async () => {
    for (let n = 0; n < 7; n++) await put(place.client, String(n));
    delivery({ batchSize: 3 }).start();
    await place.clock.advance(0);
    expect(told.ids()).toEqual([["0", "1", "2"], ["3", "4", "5"], ["6"]]);
  });

  it("hands a failed batch over again, later and later, and nothing before it", async () => {
    let broken = 3;
    told.state.answer = () => {
      if (broken-- > 0) throw new Error("down");
      return {};
    };
    const since = place.clock.now();
    delivery({ batchSize: 2 }).start();
    await put(place.client, "1");
    await place.clock.advance(0);
    await put(place.client, "2");
    await put(place.client, "3");
    await place.clock.advance(99);
    expect(told.ids()).toEqual([["1"]]);
    await place.clock.advance(60_000);
    expect(told.ids()).toEqual([["1"], ["1", "2"], ["1", "2"], ["1", "2"], ["3"]]);
    expect(failures).toEqual(Array.from({ length: 3 }, () => "publish Error: down"));
    expect(place.clock.now() - since).toBe(60_099);
  });

  it("takes what was done of a batch for done", async () => {
    for (let n = 0; n < 5; n++) await put(place.client, String(n));
    let first = true;
    told.state.answer = (records) => {
      if (!first) return { batchItemFailures: null };
      first = false;
      const ids = [records[3], records[2]].map((record) => ({
        itemIdentifier: record?.dynamodb.SequenceNumber,
      }));
      return { batchItemFailures: ids };
    };
    delivery().start();
    await place.clock.advance(1_000);
    expect(told.ids()).toEqual([
      ["0", "1", "2", "3", "4"],
      ["2", "3", "4"],
    ]);
  });

  it("takes a batch for failed as a whole where the function names what it was not given", async () => {
    await put(place.client, "1");
    let tries = 0;
    told.state.answer = () => ({ batchItemFailures: tries++ < 2 ? [{ itemIdentifier: "" }] : [] });
    delivery().start();
    await place.clock.advance(1_000);
    expect(told.ids()).toEqual([["1"], ["1"], ["1"]]);
  });

  it("goes on where it was left, by another consumer of the same name", async () => {
    const first = delivery();
    first.start();
    await put(place.client, "1");
    await place.clock.advance(0);
    first.stop();
    await put(place.client, "2");
    await place.clock.advance(10_000);
    expect(told.ids()).toEqual([["1"]]);
    delivery().start();
    await place.clock.advance(0);
    expect(told.ids()).toEqual([["1"], ["2"]]);
  });

  it("keeps changes for a day", async () => {
    await put(place.client, "1");
    await place.clock.advance(25 * 3_600_000);
    for (let n = 2; n < 6; n++) await put(place.client, String(n));
    delivery().start();
    await place.clock.advance(0);
    expect(told.ids()).toEqual([["2", "3", "4", "5"]]);
  });
});

describe.skipIf(emulatorBinary() === undefined)("a stream of the emulator", () => {
  let place: Place;
  let streams: DynamoDBStreamsClient;
  let told: ReturnType<typeof recorder>;
  let store: EngineStore;
  const running: StreamDelivery[] = [];

  const delivery = (source: StreamSource) => {
    const kernel = new Kernel({ clock: new PacedClock(), store, random: systemRandom() });
    const one = new StreamDelivery(kernel, {
      invoker: told.invoker,
      source,
      consumer: { name: "publish", functionName: "publish" },
    });
    running.push(one);
    one.start();
    return one;
  };
  const arrived = (count: number) =>
    expect.poll(() => told.batches.flat().length, { interval: 5, timeout: 5_000 }).toBe(count);

  beforeEach(async () => {
    place = await emulatorPlace();
    streams = new DynamoDBStreamsClient(place.config);
    told = recorder();
    store = memoryStore();
    await createTables(place.client, [productTable(TABLE)]);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) one.stop();
    streams.destroy();
    await place.close();
  });

  it("hands over what was inserted, changed and removed", async () => {
    delivery(polledStream(streams, TABLE, 20));
    await place.client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { ...item("1", "old"), bytes: { B: new Uint8Array([1, 2]) } },
      }),
    );
    await put(place.client, "1", "new");
    await place.client.send(
      new DeleteItemCommand({ TableName: TABLE, Key: { pk: { S: "a" }, sk: { S: "1" } } }),
    );
    await arrived(3);
    const records = told.batches.flat();
    expect(records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(records[1]).toMatchObject({
      eventSource: "aws:dynamodb",
      dynamodb: {
        Keys: { pk: { S: "a" }, sk: { S: "1" } },
        OldImage: { ...item("1", "old"), bytes: { B: "AQI=" } },
        NewImage: item("1", "new"),
      },
    });
    const seconds = records[0]?.dynamodb.ApproximateCreationDateTime ?? 0;
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(10);
  });

  it("goes on where it was left, with more than a page to catch up", async () => {
    const first = delivery(polledStream(streams, TABLE, 20));
    await put(place.client, "first");
    await arrived(1);
    first.stop();
    for (let from = 0; from < 300; from += 100) {
      await place.client.send(
        new TransactWriteItemsCommand({
          TransactItems: Array.from({ length: 100 }, (_, n) => ({
            Put: { TableName: TABLE, Item: item(String(1000 + from + n), "1") },
          })),
        }),
      );
    }
    delivery(polledStream(streams, TABLE, 20));
    await arrived(301);
    const ids = told.ids().flat();
    expect(ids).toEqual(["first", ...Array.from({ length: 300 }, (_, n) => String(1000 + n))]);
  });

  it("looks at once when it is poked", async () => {
    const one = delivery(polledStream(streams, TABLE, 60_000));
    await put(place.client, "1");
    one.poke();
    await arrived(1);
  });
});
