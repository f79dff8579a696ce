import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import type { Leaf } from "@gonogo/core/audit/leaf";
import { fromHex, toHex } from "@gonogo/core/audit/merkle";
import type {
  Anchor,
  AnchorStore,
  ElsewhereState,
  Head,
  LastVerification,
  LogState,
} from "@gonogo/core/audit/ports";
import type { SignedSuccession } from "@gonogo/core/audit/succession";
import type { Peaks } from "@gonogo/core/audit/tree";
import type { Digest } from "@gonogo/core/kit/digest";
import { type AwsConfig, awsErrorName, FAST } from "../aws/config.ts";
import { type Item, type Key, keys, padded } from "./keys.ts";
import { reaching, unavailable } from "./unavailable.ts";

/** Releases that are anchored at once: two items each, in a transaction of a hundred. */
const MOST_MOVED = 40;

/** The log over all releases, in the one table. */
export class DynamoAnchorStore implements AnchorStore {
  readonly origin: string;
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(config: AwsConfig, table: string) {
    this.#client = new DynamoDBClient({ requestHandler: FAST, ...config });
    this.#table = table;
    this.origin = `gonogo/${table}`;
  }

  async state(): Promise<LogState> {
    const item = await this.#get(keys.log());
    const peaks = (item?.peaks?.S ?? "").split(" ").flatMap((hex) => fromHex(hex) ?? []);
    const key = item?.key?.S;
    const number = (value: { N?: string | undefined } | undefined) => Number(value?.N ?? 0);
    return {
      size: number(item?.size),
      peaks,
      signed: number(item?.signed),
      kept: number(item?.kept),
      successions: number(item?.successions),
      recorded: number(item?.recorded),
      ...(key === undefined ? {} : { key }),
    };
  }

  async moved(): Promise<readonly Head[]> {
    const items = await this.#query("MOVED", ["REL#", "REL#\uffff"], MOST_MOVED);
    return items.map(headOf);
  }

  async mark(head: Head): Promise<void> {
    await this.#unless(
      new PutItemCommand({
        TableName: this.#table,
        Item: { ...keys.moved(head.release), ...marshalled(head) },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
  }

  async settle({ release, seq }: Head): Promise<void> {
    await this.#unless(
      new DeleteItemCommand({
        TableName: this.#table,
        Key: keys.moved(release),
        ConditionExpression: "seq = :seq",
        ExpressionAttributeValues: { ":seq": { N: String(seq) } },
      }),
    );
  }

  async append(before: LogState, after: Peaks, leaves: readonly Leaf[]): Promise<boolean> {
    const anchors = leaves.map(({ release, seq, digest }, at) =>
      this.#new(keys.anchor(release, seq), {
        seq: { N: String(seq) },
        head: { S: digest },
        index: { N: String(before.size + at) },
      }),
    );
    return await this.#write([...this.#growth(before, after, leaves), ...anchors]);
  }

  async putCheckpoint(signed: SignedCheckpoint, key: string): Promise<void> {
    const { size, at } = signed.checkpoint;
    // One write: what another key has taken over is never signed with the old one, not even by who has begun before.
    await this.#write([
      this.#new(keys.checkpoint(size), { doc: { S: JSON.stringify(signed) }, at: { S: at } }),
      this.#onLog({
        UpdateExpression: "SET signed = :to, #key = :key",
        ConditionExpression:
          "(attribute_not_exists(signed) OR signed < :to) AND (attribute_not_exists(#key) OR #key = :key)",
        ExpressionAttributeNames: { "#key": "key" },
        ExpressionAttributeValues: { ":to": { N: String(size) }, ":key": { S: key } },
      }),
    ]);
  }

  async putSuccession({ signed, key, successions }: LogState, next: SignedSuccession): Promise<boolean> {
    const { at, from, to, size } = next.succession;
    if (key !== from || signed !== size) return false;
    const number = successions + 1;
    return await this.#write([
      this.#new(keys.succession(number), { doc: { S: JSON.stringify(next) }, at: { S: at } }),
      this.#onLog({
        UpdateExpression: "SET #key = :to, successions = :number",
        ConditionExpression: "#key = :from AND signed = :size",
        ExpressionAttributeNames: { "#key": "key" },
        ExpressionAttributeValues: {
          ":from": { S: from },
          ":to": { S: to },
          ":size": { N: String(size) },
          ":number": { N: String(number) },
        },
      }),
    ]);
  }

  async successions(): Promise<readonly SignedSuccession[]> {
    const items = await this.#query("AUDIT", ["SUCCESSION#", "SUCCESSION#~"]);
    return items.map((item) => doc<SignedSuccession>(item));
  }

  async recordedUpTo(successions: number): Promise<void> {
    await this.#raise("recorded", successions);
  }

  async keptUpTo(size: number): Promise<void> {
    await this.#raise("kept", size);
  }

  async leaves(from: number, limit: number): Promise<readonly Leaf[]> {
    const range = [`LEAF#${padded(from)}`, `LEAF#${padded(from + limit - 1)}`] as const;
    return (await this.#query("AUDIT", range, limit)).map((item) => doc<Leaf>(item));
  }

  async checkpoints(after: number, limit: number): Promise<readonly SignedCheckpoint[]> {
    const range = [`CHECKPOINT#${padded(after + 1)}`, "CHECKPOINT#~"] as const;
    return (await this.#query("AUDIT", range, limit)).map((item) => doc<SignedCheckpoint>(item));
  }

  async newestCheckpoint(): Promise<SignedCheckpoint | undefined> {
    const [item] = await this.#query("AUDIT", ["CHECKPOINT#", "CHECKPOINT#~"], 1, "newest");
    return item === undefined ? undefined : doc<SignedCheckpoint>(item);
  }

  async anchors(release: string): Promise<readonly Anchor[]> {
    const items = await this.#query(`REL#${release}`, ["ANCHOR#", "ANCHOR#~"]);
    return items.map((item) => ({
      seq: Number(item.seq?.N),
      digest: item.head?.S as Digest,
      index: Number(item.index?.N),
    }));
  }

  async putAttestation(release: string, seq: number, envelope: string): Promise<void> {
    // An older one, which took longer, does not take a newer one's place.
    await this.#unless(
      new PutItemCommand({
        TableName: this.#table,
        Item: { ...keys.attestation(release), seq: { N: String(seq) }, doc: { S: envelope } },
        ConditionExpression: "attribute_not_exists(pk) OR seq < :seq",
        ExpressionAttributeValues: { ":seq": { N: String(seq) } },
      }),
    );
  }

  async attestation(release: string): Promise<{ seq: number; envelope: string } | undefined> {
    const item = await this.#get(keys.attestation(release));
    return item === undefined ? undefined : { seq: Number(item.seq?.N), envelope: item.doc?.S ?? "" };
  }

  async elsewhere(): Promise<ElsewhereState | undefined> {
    const item = await this.#get(keys.elsewhere());
    return item === undefined ? undefined : doc<ElsewhereState>(item);
  }

  async putElsewhere(state: ElsewhereState): Promise<void> {
    const item = { ...keys.elsewhere(), doc: { S: JSON.stringify(state) } };
    await reaching(() => this.#client.send(new PutItemCommand({ TableName: this.#table, Item: item })));
  }

  async lastVerification(): Promise<LastVerification | undefined> {
    const item = await this.#get(keys.verified());
    return item === undefined ? undefined : doc<LastVerification>(item);
  }

  async putVerification(verification: LastVerification): Promise<void> {
    const item = { ...keys.verified(), doc: { S: JSON.stringify(verification) } };
    await reaching(() => this.#client.send(new PutItemCommand({ TableName: this.#table, Item: item })));
  }

  /** The new leaves, and the log's own item on the condition that nobody has appended to it meanwhile. */
  #growth(before: LogState, after: Peaks, leaves: readonly Leaf[]): TransactWriteItem[] {
    const log = this.#onLog({
      UpdateExpression: "SET #size = :after, peaks = :peaks",
      ConditionExpression: before.size === 0 ? "attribute_not_exists(#size)" : "#size = :before",
      ExpressionAttributeNames: { "#size": "size" },
      ExpressionAttributeValues: {
        ":after": { N: String(after.size) },
        ":peaks": { S: after.peaks.map(toHex).join(" ") },
        ...(before.size === 0 ? {} : { ":before": { N: String(before.size) } }),
      },
    });
    const added = leaves.map((leaf, at) =>
      this.#new(keys.leaf(before.size + at), { doc: { S: JSON.stringify(leaf) } }),
    );
    return [log, ...added];
  }

  #new(key: Key, attributes: Item): TransactWriteItem {
    const ConditionExpression = "attribute_not_exists(pk)";
    return { Put: { TableName: this.#table, Item: { ...key, ...attributes }, ConditionExpression } };
  }

  #onLog(change: Omit<Update, "TableName" | "Key">): TransactWriteItem {
    return { Update: { TableName: this.#table, Key: keys.log(), ...change } };
  }

  /** Numbers of the log that only ever grow. */
  async #raise(what: "kept" | "recorded", to: number): Promise<void> {
    await this.#unless(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: keys.log(),
        UpdateExpression: "SET #what = :to",
        ConditionExpression: "attribute_not_exists(#what) OR #what < :to",
        ExpressionAttributeNames: { "#what": what },
        ExpressionAttributeValues: { ":to": { N: String(to) } },
      }),
    );
  }

  /** False when one of the conditions did not hold, or another transaction was under way on an item. */
  async #write(items: readonly TransactWriteItem[]): Promise<boolean> {
    try {
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
      return true;
    } catch (error) {
      if (isOvertaken(error)) return false;
      throw unavailable(error);
    }
  }

  /** Writes, unless the condition says that it is not wanted any more. */
  async #unless(command: PutItemCommand | DeleteItemCommand | UpdateItemCommand): Promise<void> {
    try {
      await this.#client.send(command as PutItemCommand);
    } catch (error) {
      if (awsErrorName(error) !== "ConditionalCheckFailedException") throw unavailable(error);
    }
  }

  async #get(key: Key): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: key, ConsistentRead: true });
    return (await reaching(() => this.#client.send(command))).Item;
  }

  /** All that lie in the range, at most `limit` of them. */
  async #query(
    partition: string,
    [from, to]: readonly [string, string],
    limit = Number.POSITIVE_INFINITY,
    order: "oldest" | "newest" = "oldest",
  ): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: `pk = :pk AND sk BETWEEN :from AND :to`,
        ExpressionAttributeValues: { ":pk": { S: partition }, ":from": { S: from }, ":to": { S: to } },
        ConsistentRead: true,
        ScanIndexForward: order === "oldest",
        ...(Number.isFinite(limit) ? { Limit: limit - items.length } : {}),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const page = await reaching(() => this.#client.send(command));
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && items.length < limit);
    return items;
  }
}

function headOf(item: Item): Head {
  return { release: item.release?.S ?? "", seq: Number(item.seq?.N), digest: item.head?.S as Digest };
}

function marshalled({ release, seq, digest }: Head): Item {
  return { release: { S: release }, seq: { N: String(seq) }, head: { S: digest } };
}

function doc<T>(item: Item): T {
  return JSON.parse(item.doc?.S ?? "null") as T;
}

const OVERTAKEN = ["None", "ConditionalCheckFailed", "TransactionConflict"];

function isOvertaken(error: unknown): boolean {
  const name = awsErrorName(error);
  if (name === "TransactionConflictException") return true;
  if (name !== "TransactionCanceledException") return false;
  const { CancellationReasons = [] } = error as { CancellationReasons?: { Code?: string }[] };
  return CancellationReasons.every(({ Code }) => OVERTAKEN.includes(Code ?? "None"));
}
