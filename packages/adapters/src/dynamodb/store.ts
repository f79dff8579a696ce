import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { genesis } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import type { DeploymentAppended, DeploymentBatch, LoadedDeployment } from "@gonogo/core/deployment/ports";
import { DEPLOYMENT, type DeploymentState, NEW_DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { DeploymentEntry } from "@gonogo/core/history/schema";
import type { KeyEntry } from "@gonogo/core/key/state";
import type { Digest } from "@gonogo/core/kit/digest";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Measure } from "@gonogo/core/measure/measure";
import type { Plan } from "@gonogo/core/plan/schema";
import {
  type Answer,
  type Appended,
  type Batch,
  type DeploymentsQuery,
  type Loaded,
  type Page,
  type Parked,
  type ReleaseStore,
  type ReleaseSummary,
  StoreUnavailable,
} from "@gonogo/core/release/ports";
import type { ReleaseState } from "@gonogo/core/release/state";
import { type AwsConfig, awsErrorName, FAST, PATIENCE } from "../aws/config.ts";
import { type Item, type Key, keys, padded, TABLE } from "./keys.ts";
import { reaching, unavailable } from "./unavailable.ts";
import { deploymentWrites, type Purpose, type Write, writesOf } from "./writes.ts";

/** Bytes that the state may grow to; DynamoDB takes 400 KB an item. */
const LARGEST_STATE = 350_000;
/** "TransactWriteItems … groups up to 100 action requests", and BatchGetItem reads up to 100 items. */
const MOST_WRITES = 100;
const MOST_READS = 100;

const CONDITIONS = ["ConditionalCheckFailed", "TransactionConflict"];
const THROTTLED = ["ProvisionedThroughputExceeded", "ThrottlingError"];

/** The end of a call's patience, all its tries together: a rollback waits for no store (S15). */
const soon = () => ({ abortSignal: AbortSignal.timeout(PATIENCE) });

/** The release store on DynamoDB: a single table, one transaction a command. */
export class DynamoReleaseStore implements ReleaseStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  /** Plans never change, so each is read once. */
  readonly #plans = new Map<string, Plan>();

  constructor(config: AwsConfig, table: string) {
    this.#client = new DynamoDBClient({ requestHandler: FAST, ...config });
    this.#table = table;
  }

  async load(release: string): Promise<Loaded | undefined> {
    if (release === DEPLOYMENT) return undefined;
    const item = await this.#get(keys.state(release));
    if (item === undefined) return undefined;
    const state = doc<ReleaseState>(item);
    const plan = await this.#plan(release, state);
    return { plan, state, seq: Number(item.seq?.N), head: item.head?.S as Digest };
  }

  async revision(release: string, n: number): Promise<Plan | undefined> {
    if (release === DEPLOYMENT || !Number.isSafeInteger(n) || n < 1) return undefined;
    const item = await this.#get(keys.plan(release, n));
    return item === undefined ? undefined : doc<Plan>(item);
  }

  async append(batch: Batch): Promise<Appended> {
    const size = Buffer.byteLength(JSON.stringify(batch.state));
    if (size > LARGEST_STATE)
      throw new Error(`${batch.release}: its state has ${size} bytes, at most ${LARGEST_STATE} fit`);
    const { first, main, after } = partsOf(batch.release, writesOf(this.#table, batch));
    for (const part of first) await this.#transact(part);
    const result = await this.#appendMain(batch, main);
    if (result.kind === "written") for (const part of after) await this.#transact(part);
    return result;
  }

  async #appendMain(batch: Batch, writes: readonly Write[]): Promise<Appended> {
    const refused = await this.#transact(writes);
    if (refused === undefined) return { kind: "written" };
    const failed = refused.map(({ kind }) => kind);
    if (failed.length > 0 && failed.every((kind) => kind === "give-back")) {
      return await this.#appendMain(
        batch,
        writes.filter(({ purpose }) => !refused.includes(purpose)),
      );
    }
    if (failed.includes("state") || failed.includes("record")) {
      // The SDK tries again after a time-out: what stands there may be our own write (reliability 2.4).
      const first = batch.records[0];
      if (first !== undefined) {
        const [standing] = await this.records(batch.release, first.seq, 1);
        if (standing?.digest === first.digest) return { kind: "written" };
      }
    }
    if (failed.includes("answer")) return { kind: "answered" };
    if (failed.includes("state") || failed.includes("record")) return { kind: "overtaken" };
    if (failed.includes("deployment")) return { kind: "deployment-moved-on" };
    const lock = refused.find((purpose) => purpose.kind === "lock");
    if (lock?.kind !== "lock") return { kind: "overtaken" };
    const { holder } = await this.lock(lock.lock);
    return { kind: "locked", lock: lock.lock, holder };
  }

  async deployment(): Promise<LoadedDeployment> {
    const item = await this.#get(keys.state(DEPLOYMENT));
    if (item === undefined) return { state: NEW_DEPLOYMENT, seq: 0, head: genesis(DEPLOYMENT) };
    const state = { ...NEW_DEPLOYMENT, ...doc<DeploymentState>(item) };
    return { state, seq: Number(item.seq?.N), head: item.head?.S as Digest };
  }

  async appendDeployment(batch: DeploymentBatch): Promise<DeploymentAppended> {
    const size = Buffer.byteLength(JSON.stringify(batch.state));
    if (size > LARGEST_STATE)
      throw new Error(`the deployment's state has ${size} bytes, at most ${LARGEST_STATE} fit`);
    const refused = await this.#transact(deploymentWrites(this.#table, batch));
    if (refused === undefined) return { kind: "written" };
    const [first] = batch.records;
    if (first !== undefined) {
      const [standing] = await this.deploymentRecords(first.seq, 1);
      if (standing?.digest === first.digest) return { kind: "written" };
    }
    return { kind: refused.some(({ kind }) => kind === "answer") ? "answered" : "overtaken" };
  }

  async rememberFeed(name: string, address: string): Promise<void> {
    await this.#put(keys.feed(name), address);
  }

  async feedAddress(name: string): Promise<string | undefined> {
    return (await this.#get(keys.feed(name)))?.doc?.S;
  }

  async rememberSeen(integration: string, at: Instant): Promise<void> {
    await this.#put(keys.seen(integration), JSON.stringify(at));
  }

  async seen(): Promise<Readonly<Record<string, Instant>>> {
    const { pk, sk } = keys.seen("");
    const items = await this.#query({
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
    });
    const prefix = sk.S?.length ?? 0;
    return Object.fromEntries(items.map((item) => [item.sk?.S?.slice(prefix) ?? "", doc<Instant>(item)]));
  }

  async key(digest: Digest): Promise<KeyEntry | undefined> {
    const item = await this.#get(keys.key(digest));
    return item === undefined ? undefined : doc<KeyEntry>(item);
  }

  async keyUsed(digest: Digest, at: Instant): Promise<void> {
    await this.#put(keys.keyUsed(digest), at);
  }

  async keysUsed(digests: readonly Digest[]): Promise<ReadonlyMap<Digest, Instant>> {
    const items = await this.#getAll(digests.map((digest) => keys.keyUsed(digest)));
    return new Map(
      items.map((item) => [
        (item.pk?.S ?? "").slice("KEY#".length) as Digest,
        (item.doc?.S ?? "") as Instant,
      ]),
    );
  }

  deploymentAnswer(command: string): Promise<Answer | undefined> {
    return this.answer(DEPLOYMENT, command);
  }

  async deploymentRecords(from: number, limit: number): Promise<readonly DeploymentRecord[]> {
    return (await this.records(DEPLOYMENT, from, limit)) as readonly AuditRecord<never>[];
  }

  /**
   * Writes all or nothing. Undefined when it is written; else what the conditions that failed were for,
   * which is nothing where another transaction was under way on one of the items.
   */
  async #transact(writes: readonly Write[]): Promise<readonly Purpose[] | undefined> {
    if (writes.length === 0) return undefined;
    const command = new TransactWriteItemsCommand({ TransactItems: writes.map(({ item }) => item) });
    try {
      await this.#client.send(command, soon());
      return undefined;
    } catch (error) {
      const reasons = cancellationReasons(error);
      if (reasons === undefined) throw unavailable(error);
      const other = reasons.find((code) => !["None", ...CONDITIONS].includes(code));
      // Throttled means that the store is not there for us; anything else is a mistake of ours.
      if (other !== undefined) throw THROTTLED.includes(other) ? new StoreUnavailable(error) : error;
      return writes.flatMap(({ purpose }, at) => (reasons[at] === "ConditionalCheckFailed" ? [purpose] : []));
    }
  }

  async answer(release: string, command: string): Promise<Answer | undefined> {
    const item = await this.#get(keys.answer(release, command));
    return item === undefined ? undefined : doc<Answer>(item);
  }

  async records(release: string, from: number, limit: number): Promise<readonly AuditRecord[]> {
    const items = await this.#query({
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      ExpressionAttributeValues: {
        ":pk": { S: `REL#${release}` },
        ":from": { S: `EVENT#${padded(from)}` },
        ":to": { S: `EVENT#${padded(from + limit - 1)}` },
      },
      ConsistentRead: true,
    });
    return items.map((item) => doc<AuditRecord>(item));
  }

  async list(
    which: "active" | "ended",
    page: { limit: number; after?: string },
  ): Promise<Page<ReleaseSummary>> {
    const { items, ...next } = await this.#indexed(`RELEASES#${which}`, keys.state, page);
    return { items: items.map((item) => summarise(doc<ReleaseState>(item))), ...next };
  }

  async leftovers(
    which: "open" | "closed" | "visits",
    page: { limit: number; after?: string },
  ): Promise<Page<string>> {
    const [partition, keyOf] =
      which === "visits" ? ["RELEASES#visits", keys.visits] : [`OWED#${which}`, keys.owes];
    const { items, ...next } = await this.#indexed(partition, keyOf, page);
    return { items: items.flatMap((item) => item.release?.S ?? []), ...next };
  }

  async deployments(query: DeploymentsQuery): Promise<Page<DeploymentEntry>> {
    const { environment, from = "0", to = "9", ...page } = query;
    const where = environment === undefined ? "DEPLOYED" : `DEPLOYED#${environment}`;
    const keyOf = (release: string) =>
      environment === undefined ? keys.deployed(release) : keys.deployedIn(release, environment);
    // A moment sorts before itself with a release behind it, so that the end is left out and the start is not.
    const { items, ...next } = await this.#indexed(where, keyOf, page, { from, to });
    return { items: items.map((item) => doc<DeploymentEntry>(item)), ...next };
  }

  async measures(
    from: Instant,
    to: Instant,
    page: { limit: number; after?: string },
  ): Promise<Page<Measure>> {
    const { items, ...next } = await this.#indexed("MEASURES", keys.measure, page, { from, to });
    return { items: items.map((item) => doc<Measure>(item)), ...next };
  }

  async owing(lock: string): Promise<readonly string[]> {
    const items = await this.#query({
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :owes)",
      ExpressionAttributeValues: { ":pk": { S: `LOCK#${lock}` }, ":owes": { S: "OWES#" } },
      ConsistentRead: true,
    });
    return items.flatMap((item) => item.release?.S ?? []);
  }

  /** A page of the index, the newest first; the cursor is the last item's own place in it. */
  async #indexed(
    partition: string,
    keyOf: (release: string) => Key,
    { limit, after }: { limit: number; after?: string },
    between?: { readonly from: string; readonly to: string },
  ): Promise<{ items: Item[]; next?: string }> {
    const result = await reaching(() =>
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: TABLE.index.name,
          KeyConditionExpression:
            between === undefined ? "gsi1pk = :which" : "gsi1pk = :which AND gsi1sk BETWEEN :from AND :to",
          ExpressionAttributeValues: {
            ":which": { S: partition },
            ...(between === undefined ? {} : { ":from": { S: between.from }, ":to": { S: between.to } }),
          },
          ScanIndexForward: false,
          Limit: limit,
          ...(after === undefined ? {} : { ExclusiveStartKey: cursorKey(partition, keyOf, after) }),
        }),
        soon(),
      ),
    );
    const last = result.LastEvaluatedKey?.gsi1sk?.S;
    return { items: result.Items ?? [], ...(last === undefined ? {} : { next: last }) };
  }

  async listeners(binding: string): Promise<readonly string[]> {
    const items = await this.#query({
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: `SIGNAL#${binding}` } },
      ConsistentRead: true,
    });
    const active = items.filter((item) => item.sk?.S?.startsWith("ACTIVE#"));
    return (active.length > 0 ? active : items).flatMap((item) => item.release?.S ?? []);
  }

  async lock(name: string): Promise<{ fence: number; holder?: string }> {
    const item = await this.#get(keys.lock(name));
    const holder = item?.holder?.S;
    return { fence: Number(item?.fence?.N ?? 0), ...(holder === undefined ? {} : { holder }) };
  }

  async park(wait: Parked): Promise<void> {
    await this.#put(keys.wait(wait.release, wait.id), JSON.stringify(wait));
  }

  async parked(release: string): Promise<readonly Parked[]> {
    const items = await this.#query({
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :wait)",
      ExpressionAttributeValues: { ":pk": { S: `REL#${release}` }, ":wait": { S: "WAIT#" } },
      ConsistentRead: true,
    });
    return items.map((item) => doc<Parked>(item));
  }

  async unpark(release: string, id: string): Promise<void> {
    await reaching(() =>
      this.#client.send(
        new DeleteItemCommand({ TableName: this.#table, Key: keys.wait(release, id) }),
        soon(),
      ),
    );
  }

  async names(ids: readonly string[]): Promise<Record<string, string>> {
    const names: Record<string, string> = {};
    for (const item of await this.#getAll([...new Set(ids)].map((id) => keys.name(id)))) {
      if (item.pk?.S === undefined || item.doc?.S === undefined) continue;
      names[item.pk.S.slice("PERSON#".length)] = item.doc.S;
    }
    return names;
  }

  async #getAll(all: readonly Key[]): Promise<readonly Item[]> {
    let wanted: Item[] = [...all];
    const found: Item[] = [];
    while (wanted.length > 0) {
      const command = new BatchGetItemCommand({
        RequestItems: { [this.#table]: { Keys: wanted.slice(0, MOST_READS) } },
      });
      const result = await reaching(() => this.#client.send(command, soon()));
      found.push(...(result.Responses?.[this.#table] ?? []));
      wanted = [...wanted.slice(MOST_READS), ...(result.UnprocessedKeys?.[this.#table]?.Keys ?? [])];
    }
    return found;
  }

  async eraseName(id: string, at: Instant): Promise<void> {
    const Item = { ...keys.name(id), erased: { S: at } };
    await reaching(() => this.#client.send(new PutItemCommand({ TableName: this.#table, Item }), soon()));
  }

  async rememberName(id: string, name: string): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: { ...keys.name(id), doc: { S: name } },
      // A name that was erased stays erased.
      ConditionExpression: "attribute_not_exists(erased)",
    });
    try {
      await this.#client.send(command, soon());
    } catch (error) {
      if (awsErrorName(error) !== "ConditionalCheckFailedException") throw unavailable(error);
    }
  }

  async #plan(release: string, { plan: digest, revision }: ReleaseState): Promise<Plan> {
    const known = this.#plans.get(digest);
    if (known !== undefined) return known;
    const plan = await this.revision(release, revision);
    if (plan === undefined)
      throw new Error(`${release} has no revision ${revision} of its plan in the table`);
    if (this.#plans.size >= 200) this.#plans.clear();
    this.#plans.set(digest, plan);
    return plan;
  }

  async #get(key: Key): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: key, ConsistentRead: true });
    return (await reaching(() => this.#client.send(command, soon()))).Item;
  }

  async #put(key: Key, text: string): Promise<void> {
    const command = new PutItemCommand({ TableName: this.#table, Item: { ...key, doc: { S: text } } });
    await reaching(() => this.#client.send(command, soon()));
  }

  async #query(query: Omit<ConstructorParameters<typeof QueryCommand>[0], "TableName">): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const page = await reaching(() =>
        this.#client.send(
          new QueryCommand({
            ...query,
            TableName: this.#table,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
          soon(),
        ),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  }
}

/** One code a write; none where the transaction as a whole ran into another. */
function cancellationReasons(error: unknown): string[] | undefined {
  if (awsErrorName(error) === "TransactionConflictException") return [];
  if (awsErrorName(error) !== "TransactionCanceledException") return undefined;
  const { CancellationReasons } = error as { CancellationReasons?: { Code?: string }[] };
  return (CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
}

/**
 * What goes into the one transaction, and what of the listeners does not fit: bound before, so that no
 * release runs unheard, and unbound after.
 */
function partsOf(release: string, writes: readonly Write[]) {
  const room = MOST_WRITES - writes.filter(({ purpose }) => !isListener(purpose)).length;
  if (room < 0) {
    throw new Error(
      `${release}: one command wrote ${MOST_WRITES - room} items, DynamoDB takes ${MOST_WRITES} in a transaction`,
    );
  }
  const listeners = writes.filter(({ purpose }) => isListener(purpose));
  const excess = new Set(listeners.slice(room));
  const of = (kind: Purpose["kind"]) =>
    inHundreds([...excess].filter(({ purpose }) => purpose.kind === kind));
  return { first: of("bind"), main: writes.filter((write) => !excess.has(write)), after: of("unbind") };
}

function isListener(purpose: Purpose): boolean {
  return purpose.kind === "bind" || purpose.kind === "unbind";
}

function inHundreds(writes: readonly Write[]): Write[][] {
  const parts: Write[][] = [];
  for (let at = 0; at < writes.length; at += MOST_WRITES) parts.push(writes.slice(at, at + MOST_WRITES));
  return parts;
}

function doc<T>(item: Item): T {
  return JSON.parse(item.doc?.S ?? "null") as T;
}

function cursorKey(partition: string, keyOf: (release: string) => Key, after: string): Item {
  const release = after.slice(after.indexOf("#") + 1);
  return { ...keyOf(release), gsi1pk: { S: partition }, gsi1sk: { S: after } };
}

function summarise(state: ReleaseState): ReleaseSummary {
  return {
    id: state.id,
    title: state.title,
    environment: state.environment,
    status: state.status,
    paused: state.paused !== undefined,
    submittedAt: state.submittedAt,
    plannedT: state.plannedT,
    ...(state.t === undefined ? {} : { t: state.t }),
    ...(state.endedAt === undefined ? {} : { endedAt: state.endedAt }),
  };
}
