import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { awsErrorName } from "@gonogo/adapters/aws/config";
import type { Kernel } from "../kernel/kernel.ts";
import type { TableSpec } from "./tables.ts";

/** AWS promises "within a few days"; an hour keeps tests and demonstrations honest about the delay. */
const EVERY = 60 * 60 * 1000;

/**
 * Takes away items whose end of life has passed. The emulator knows the setting but sweeps nothing, and the
 * table in memory leaves it to this. On the stream it is a plain REMOVE, without AWS's userIdentity.
 * Returns what ends it.
 */
export function startSweeping(
  kernel: Kernel,
  client: DynamoDBClient,
  specs: readonly TableSpec[],
  every = EVERY,
): () => void {
  const swept = specs.filter(({ ttlAttribute }) => ttlAttribute !== undefined);
  if (swept.length === 0) return () => {};
  let timer = kernel.clock.at(kernel.clock.now() + every, sweep);
  let stopped = false;
  function sweep(): void {
    if (stopped) return;
    timer = kernel.clock.at(kernel.clock.now() + every, sweep);
    for (const spec of swept) kernel.activity.spawn(() => sweepExpired(client, spec, kernel.clock.now()));
  }
  return () => {
    stopped = true;
    timer.cancel();
  };
}

/** One sweep. `now` is in milliseconds. Returns how many items went. */
export async function sweepExpired(client: DynamoDBClient, spec: TableSpec, now: number): Promise<number> {
  if (spec.ttlAttribute === undefined) return 0;
  const expired = {
    ExpressionAttributeNames: { "#ttl": spec.ttlAttribute },
    ExpressionAttributeValues: { ":now": { N: String(Math.floor(now / 1000)) } },
  };
  let gone = 0;
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: spec.name,
        FilterExpression: "#ttl < :now",
        ...expired,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) gone += await removeExpired(client, spec, item, expired);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return gone;
}

async function removeExpired(
  client: DynamoDBClient,
  spec: TableSpec,
  item: Record<string, AttributeValue>,
  expired: {
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues: Record<string, AttributeValue>;
  },
): Promise<number> {
  const Key: Record<string, AttributeValue> = {};
  for (const name of [spec.partitionKey, spec.sortKey]) {
    const value = name === undefined ? undefined : item[name];
    if (name !== undefined && value !== undefined) Key[name] = value;
  }
  try {
    await client.send(
      new DeleteItemCommand({ TableName: spec.name, Key, ConditionExpression: "#ttl < :now", ...expired }),
    );
    return 1;
  } catch (error) {
    // Its life was lengthened meanwhile.
    if (awsErrorName(error) === "ConditionalCheckFailedException") return 0;
    throw error;
  }
}
