import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { DeploymentBatch } from "@gonogo/core/deployment/ports";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { Erased } from "@gonogo/core/erasure/ports";
import type { DeploymentEntry } from "@gonogo/core/history/schema";
import type { Measure } from "@gonogo/core/measure/measure";
import type { Afterwards } from "@gonogo/core/release/claims";
import type { Batch } from "@gonogo/core/release/ports";
import { hasEnded } from "@gonogo/core/release/state";
import { type Key, keys } from "./keys.ts";

/** What a write of the transaction is for; its place in the list names the reason when it is refused. */
export type Purpose =
  | { readonly kind: "state" }
  | { readonly kind: "plan" }
  | { readonly kind: "answer" }
  | { readonly kind: "record" }
  | { readonly kind: "deployment" }
  /** So that the log over all releases finds what has moved; unconditional, the newest stands. */
  | { readonly kind: "moved" }
  | { readonly kind: "lock"; readonly lock: string }
  /** Refused where another holds the lock by now, or nobody: then there is nothing to give back. */
  | { readonly kind: "give-back"; readonly lock: string }
  /** Unconditional, and harmless by itself. */
  | { readonly kind: "bind" | "unbind" };

export interface Write {
  readonly purpose: Purpose;
  readonly item: TransactWriteItem;
}

/** One transaction: the events, the projection they lead to, and the locks and bindings that follow. */
export function writesOf(table: string, batch: Batch): Write[] {
  const { release, state, claims } = batch;
  const put = (
    key: Key,
    attributes: Record<string, string | number>,
    condition?: string,
  ): TransactWriteItem => ({
    Put: {
      TableName: table,
      Item: { ...key, ...marshal(attributes) },
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
    },
  });
  const stateItem = stateWrite(table, batch);
  const writes: Write[] = stateItem === undefined ? [] : [{ purpose: { kind: "state" }, item: stateItem }];
  if (batch.plan !== undefined) {
    writes.push({
      purpose: { kind: "plan" },
      item: put(keys.plan(release, state.revision), { doc: JSON.stringify(batch.plan) }),
    });
  }
  for (const record of batch.records) {
    const item = put(
      keys.record(release, record.seq),
      { doc: JSON.stringify(record), type: record.event.type, at: record.at },
      "attribute_not_exists(pk)",
    );
    writes.push({ purpose: { kind: "record" }, item });
  }
  writes.push(...movedWrites(table, release, batch.records));
  if (batch.erased !== undefined) writes.push(...erasedWrites(table, release, batch.erased));
  if (batch.answer !== undefined) {
    const { command, ...answer } = batch.answer;
    const seq = batch.records.at(-1)?.seq ?? batch.before;
    const doc = JSON.stringify({ ...answer, seq });
    const item = put(keys.answer(release, command), { doc }, "attribute_not_exists(pk)");
    writes.push({ purpose: { kind: "answer" }, item });
  }
  if (batch.deploymentAt !== undefined) {
    const item = { ConditionCheck: { TableName: table, ...deploymentStands(batch.deploymentAt) } };
    writes.push({ purpose: { kind: "deployment" }, item });
  }
  for (const [lock, fence] of new Map(claims.acquire.map(({ lock, fence }) => [lock, fence]))) {
    const item: TransactWriteItem = {
      Put: {
        TableName: table,
        Item: { ...keys.lock(lock), ...marshal({ holder: release, fence }) },
        ConditionExpression: "attribute_not_exists(pk) OR (attribute_not_exists(holder) AND fence = :before)",
        ExpressionAttributeValues: { ":before": { N: String(fence - 1) } },
      },
    };
    writes.push({ purpose: { kind: "lock", lock }, item });
  }
  for (const lock of new Set(claims.release)) {
    writes.push({
      purpose: { kind: "give-back", lock },
      item: releaseWrite(table, release, lock, state.components),
    });
  }
  for (const binding of claims.bind) {
    writes.push({ purpose: { kind: "bind" }, item: put(keys.listener(binding, release), { release }) });
  }
  for (const binding of claims.unbind) {
    writes.push(
      {
        purpose: { kind: "unbind" },
        item: { Delete: { TableName: table, Key: keys.listener(binding, release) } },
      },
      {
        purpose: { kind: "unbind" },
        item: put(keys.lastListener(binding), { release, at: state.endedAt ?? "" }),
      },
    );
  }
  if (claims.deployed !== undefined) writes.push(...deployedWrites(table, claims.deployed));
  if (claims.measure !== undefined) writes.push(measureWrite(table, claims.measure));
  if (claims.afterwards !== undefined) writes.push(...leftoverWrites(table, batch, claims.afterwards));
  return writes;
}

/** Records without the texts that are erased, over those that had them, and the same of answers. */
function erasedWrites(table: string, log: string, { records, answers }: Erased): Write[] {
  const items = [
    ...records.map((record) => ({
      ...keys.record(log, record.seq),
      ...marshal({ doc: JSON.stringify(record), type: record.event.type, at: record.at }),
    })),
    ...answers.map(({ command, ...answer }) => ({
      ...keys.answer(log, command),
      ...marshal({ doc: JSON.stringify(answer) }),
    })),
  ];
  return items.map((Item) => ({
    purpose: { kind: "record" },
    item: { Put: { TableName: table, Item, ConditionExpression: "attribute_exists(pk)" } },
  }));
}

/** The log of deployments is read as a whole, or of one environment: the entry is there for both. */
function deployedWrites(table: string, entry: DeploymentEntry): Write[] {
  const { release, environment, startedAt } = entry;
  const listed = { doc: JSON.stringify(entry), gsi1sk: `${startedAt}#${release}` };
  const places: [Key, string][] = [
    [keys.deployed(release), "DEPLOYED"],
    [keys.deployedIn(release, environment), `DEPLOYED#${environment}`],
  ];
  return places.map(([key, gsi1pk]) => ({
    purpose: { kind: "bind" },
    item: { Put: { TableName: table, Item: { ...key, ...marshal({ ...listed, gsi1pk }) } } },
  }));
}

/** By the moment that it is counted at; written again where something is added to it. */
function measureWrite(table: string, measure: Measure): Write {
  const listed = { gsi1pk: "MEASURES", gsi1sk: `${measure.at}#${measure.release}` };
  const item = { doc: JSON.stringify(measure), ...listed };
  return {
    purpose: { kind: "bind" },
    item: { Put: { TableName: table, Item: { ...keys.measure(measure.release), ...marshal(item) } } },
  };
}

/**
 * By what a release is found when it is out of sight. Each is a pointer only, written as often as one likes;
 * what it points to says whether it still holds.
 */
function leftoverWrites(table: string, { release, state }: Batch, afterwards: Afterwards): Write[] {
  const write = (key: Key, item: Record<string, string> | undefined): Write => ({
    purpose: { kind: item === undefined ? "unbind" : "bind" },
    item:
      item === undefined
        ? { Delete: { TableName: table, Key: key } }
        : { Put: { TableName: table, Item: { ...key, ...marshal({ release, ...item }) } } },
  });
  const listed = (gsi1pk: string) => ({ gsi1pk, gsi1sk: `${state.submittedAt}#${release}` });
  const { obligations, visits, blocks, frees } = afterwards;
  return [
    ...(obligations === "none" ? [] : [write(keys.owes(release), listed(`OWED#${obligations}`))]),
    write(keys.visits(release), visits ? listed("RELEASES#visits") : undefined),
    ...[...new Set(blocks)].map((lock) => write(keys.blocks(lock, release), {})),
    ...[...new Set(frees)].map((lock) => write(keys.blocks(lock, release), undefined)),
  ];
}

/**
 * A batch without records changes nothing and remembers an answer: the state only has to be where it was.
 * Undefined where there is no state either, as for a release that was refused.
 */
function stateWrite(table: string, batch: Batch): TransactWriteItem | undefined {
  const { release, state, before } = batch;
  const last = batch.records.at(-1);
  const standing = {
    ConditionExpression: "seq = :before",
    ExpressionAttributeValues: { ":before": { N: String(before) } },
  };
  if (last === undefined) {
    return before === 0
      ? undefined
      : { ConditionCheck: { TableName: table, Key: keys.state(release), ...standing } };
  }
  const attributes = {
    doc: JSON.stringify(state),
    seq: last.seq,
    head: last.digest,
    status: state.status,
    gsi1pk: hasEnded(state.status) ? "RELEASES#ended" : "RELEASES#active",
    gsi1sk: `${state.submittedAt}#${release}`,
  };
  return {
    Put: {
      TableName: table,
      Item: { ...keys.state(release), ...marshal(attributes) },
      ...(before === 0 ? { ConditionExpression: "attribute_not_exists(pk)" } : standing),
    },
  };
}

/** The deployment's log is where it was: nothing was declared meanwhile. */
function deploymentStands(seq: number) {
  const Key = keys.state(DEPLOYMENT);
  if (seq === 0) return { Key, ConditionExpression: "attribute_not_exists(pk)" };
  return {
    Key,
    ConditionExpression: "seq = :seq",
    ExpressionAttributeValues: { ":seq": { N: String(seq) } },
  };
}

/** One transaction of the deployment's own log: the events, and the projection they lead to. */
export function deploymentWrites(table: string, batch: DeploymentBatch): Write[] {
  const { before, records, state, answer } = batch;
  const { Key, ...stands } = deploymentStands(before);
  const last = records.at(-1);
  const writes: Write[] = records.map((record) => ({
    purpose: { kind: "record" },
    item: {
      Put: {
        TableName: table,
        Item: {
          ...keys.record(DEPLOYMENT, record.seq),
          ...marshal({ doc: JSON.stringify(record), type: record.event.type, at: record.at }),
        },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
  }));
  if (last === undefined) {
    writes.push({
      purpose: { kind: "state" },
      item: { ConditionCheck: { TableName: table, Key, ...stands } },
    });
  } else {
    writes.push(...movedWrites(table, DEPLOYMENT, records));
    const Item = { ...Key, ...marshal({ doc: JSON.stringify(state), seq: last.seq, head: last.digest }) };
    writes.push({ purpose: { kind: "state" }, item: { Put: { TableName: table, Item, ...stands } } });
  }
  if (batch.erased !== undefined) writes.push(...erasedWrites(table, DEPLOYMENT, batch.erased));
  writes.push(...keyWrites(table, batch));
  if (answer !== undefined) {
    const { command, ...rest } = answer;
    const doc = JSON.stringify({ ...rest, seq: last?.seq ?? before });
    const Item = { ...keys.answer(DEPLOYMENT, command), ...marshal({ doc }) };
    const item = { Put: { TableName: table, Item, ConditionExpression: "attribute_not_exists(pk)" } };
    writes.push({ purpose: { kind: "answer" }, item });
  }
  return writes;
}

/** A key is looked up by its digest with every request of its tool: it is an item of its own beside the state. */
function keyWrites(table: string, { records, state, erased }: DeploymentBatch): Write[] {
  const changed = [...records, ...(erased?.records ?? [])].flatMap(({ event }) =>
    event.type === "KeyCreated" || event.type === "KeyRevoked" ? [event.key] : [],
  );
  return state.keys.entries
    .filter(({ id }) => changed.includes(id))
    .map((entry) => {
      const Item = { ...keys.key(entry.digest), ...marshal({ doc: JSON.stringify(entry) }) };
      return { purpose: { kind: "bind" }, item: { Put: { TableName: table, Item } } };
    });
}

function movedWrites(
  table: string,
  release: string,
  records: readonly { readonly seq: number; readonly digest: string }[],
): Write[] {
  const last = records.at(-1);
  if (last === undefined) return [];
  const attributes = { release, seq: last.seq, head: last.digest };
  const Item = { ...keys.moved(release), ...marshal(attributes) };
  return [{ purpose: { kind: "moved" }, item: { Put: { TableName: table, Item } } }];
}

function releaseWrite(
  table: string,
  release: string,
  lock: string,
  components: Batch["state"]["components"],
): TransactWriteItem {
  const fence = Object.values(components).find((component) => component.lock === lock)?.fence ?? 0;
  return {
    Update: {
      TableName: table,
      Key: keys.lock(lock),
      UpdateExpression: "REMOVE holder",
      ConditionExpression: "holder = :release AND fence = :fence",
      ExpressionAttributeValues: { ":release": { S: release }, ":fence": { N: String(fence) } },
    },
  };
}

function marshal(attributes: Record<string, string | number>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "number" ? { N: String(value) } : { S: value },
    ]),
  );
}
