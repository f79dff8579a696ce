import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Batch } from "@gonogo/core/release/ports";
import { hasEnded } from "@gonogo/core/release/state";
import { type Key, keys } from "./keys.ts";

/** What a write of the transaction is for; its place in the list names the reason when it is refused. */
export type Purpose =
  | { readonly kind: "state" }
  | { readonly kind: "answer" }
  | { readonly kind: "record" }
  | { readonly kind: "lock"; readonly lock: string }
  | { readonly kind: "other" };

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
  const writes: Write[] = [{ purpose: { kind: "state" }, item: stateWrite(table, batch) }];
  if (batch.plan !== undefined) {
    writes.push({
      purpose: { kind: "other" },
      item: put(keys.plan(release), { doc: JSON.stringify(batch.plan) }),
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
  if (batch.answer !== undefined) {
    const { command, ...answer } = batch.answer;
    const seq = batch.records.at(-1)?.seq ?? batch.before;
    const doc = JSON.stringify({ ...answer, seq });
    const item = put(keys.answer(release, command), { doc }, "attribute_not_exists(pk)");
    writes.push({ purpose: { kind: "answer" }, item });
  }
  for (const { lock, fence } of claims.acquire) {
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
  for (const lock of claims.release) {
    // A lock that another holds by now is none of ours to give back; the transaction must not fail for it.
    writes.push({ purpose: { kind: "other" }, item: releaseWrite(table, release, lock, state.components) });
  }
  for (const binding of claims.bind) {
    writes.push({ purpose: { kind: "other" }, item: put(keys.listener(binding, release), { release }) });
  }
  for (const binding of claims.unbind) {
    writes.push(
      {
        purpose: { kind: "other" },
        item: { Delete: { TableName: table, Key: keys.listener(binding, release) } },
      },
      {
        purpose: { kind: "other" },
        item: put(keys.lastListener(binding), { release, at: state.endedAt ?? "" }),
      },
    );
  }
  return writes;
}

function stateWrite(table: string, batch: Batch): TransactWriteItem {
  const { release, state, before } = batch;
  const last = batch.records.at(-1);
  const attributes = {
    doc: JSON.stringify(state),
    seq: last?.seq ?? before,
    head: last?.digest ?? "",
    status: state.status,
    gsi1pk: hasEnded(state.status) ? "RELEASES#ended" : "RELEASES#active",
    gsi1sk: `${state.submittedAt}#${release}`,
  };
  return {
    Put: {
      TableName: table,
      Item: { ...keys.state(release), ...marshal(attributes) },
      ...(before === 0
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "seq = :before",
            ExpressionAttributeValues: { ":before": { N: String(before) } },
          }),
    },
  };
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
