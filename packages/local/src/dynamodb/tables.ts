import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { awsErrorName } from "@gonogo/adapters/aws/config";

/** A table as it is deployed. Key attributes are text. */
export interface TableSpec {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes?: readonly IndexSpec[];
  /** Changes go on the table's stream, with the item before and after. */
  readonly stream?: boolean;
  /** The attribute that holds an item's end of life, in seconds since the epoch. */
  readonly ttlAttribute?: string;
}

export interface IndexSpec {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly projection: "all" | "keys" | readonly string[];
}

/**
 * Creates the tables that are not there yet, and waits until all can be used. A table that is there with
 * other keys or indexes is refused: nothing is migrated in silence.
 */
export async function createTables(client: DynamoDBClient, specs: readonly TableSpec[]): Promise<void> {
  for (const spec of specs) {
    const table = (await described(client, spec.name)) ?? (await created(client, spec));
    refuseOther(spec, table);
    await switchTimeToLive(client, spec);
  }
}

async function described(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (awsErrorName(error) === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

async function created(client: DynamoDBClient, spec: TableSpec): Promise<TableDescription> {
  const keys = [spec, ...(spec.indexes ?? [])];
  const attributes = new Set(
    keys.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey ?? []].flat()),
  );
  try {
    await client.send(
      new CreateTableCommand({
        TableName: spec.name,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [...attributes].map((name) => ({ AttributeName: name, AttributeType: "S" })),
        KeySchema: keySchema(spec),
        ...(spec.indexes === undefined || spec.indexes.length === 0
          ? {}
          : { GlobalSecondaryIndexes: spec.indexes.map(indexOf) }),
        ...(spec.stream === true
          ? { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const } }
          : {}),
      }),
    );
  } catch (error) {
    // Somebody else was faster.
    if (awsErrorName(error) !== "ResourceInUseException") throw error;
  }
  for (let turn = 0; turn < 100; turn++) {
    const table = await described(client, spec.name);
    if (table?.TableStatus === "ACTIVE") return table;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the table ${spec.name} was created but is not active after ten seconds`);
}

function keySchema(keys: Pick<TableSpec, "partitionKey" | "sortKey">): KeySchemaElement[] {
  const partition = { AttributeName: keys.partitionKey, KeyType: "HASH" as const };
  return keys.sortKey === undefined
    ? [partition]
    : [partition, { AttributeName: keys.sortKey, KeyType: "RANGE" as const }];
}

function indexOf(index: IndexSpec) {
  const { projection } = index;
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection:
      projection === "all"
        ? { ProjectionType: "ALL" as const }
        : projection === "keys"
          ? { ProjectionType: "KEYS_ONLY" as const }
          : { ProjectionType: "INCLUDE" as const, NonKeyAttributes: [...projection] },
  };
}

function refuseOther(spec: TableSpec, table: TableDescription): void {
  const wanted = shape(keySchema(spec), (spec.indexes ?? []).map(indexOf), spec.stream === true);
  const found = shape(
    table.KeySchema,
    table.GlobalSecondaryIndexes ?? [],
    table.StreamSpecification?.StreamEnabled === true,
  );
  if (wanted === found) return;
  throw new Error(
    `the table ${spec.name} is there already, but as ${found}; wanted is ${wanted}. Use another data directory, or delete the table`,
  );
}

function shape(
  keys: readonly KeySchemaElement[] | undefined,
  indexes: NonNullable<TableDescription["GlobalSecondaryIndexes"]>,
  stream: boolean,
): string {
  const names = (schema: readonly KeySchemaElement[] | undefined) =>
    (schema ?? []).map(({ AttributeName }) => AttributeName).join("+");
  const listed = indexes.map(({ IndexName, KeySchema }) => `${IndexName}(${names(KeySchema)})`).sort();
  return [`keys ${names(keys)}`, ...listed, stream ? "with a stream" : "without a stream"].join(", ");
}

async function switchTimeToLive(client: DynamoDBClient, spec: TableSpec): Promise<void> {
  if (spec.ttlAttribute === undefined || (await livesEnd(client, spec.name))) return;
  const TimeToLiveSpecification = { AttributeName: spec.ttlAttribute, Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: spec.name, TimeToLiveSpecification }));
  } catch (error) {
    // Somebody else was faster.
    if (!(await livesEnd(client, spec.name))) throw error;
  }
}

async function livesEnd(client: DynamoDBClient, name: string): Promise<boolean> {
  const { TimeToLiveDescription: now } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  return now?.TimeToLiveStatus === "ENABLED" || now?.TimeToLiveStatus === "ENABLING";
}
