import { arn } from "../kernel/arn.ts";
import { type Input, isObject, refuseOthers } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { AwsError } from "../kernel/wire.ts";
import { invalid } from "./attribute.ts";
import { ChangeFeed } from "./change-feed.ts";
import { MemoryTable } from "./memory-table.ts";
import {
  type IndexSchema,
  type Keys,
  type KeyType,
  keyParts,
  type Projection,
  type TableSchema,
} from "./schema.ts";

/** The operations on tables, which are there at once and gone at once. */
export class MemoryTables {
  readonly #kernel: Kernel;
  readonly #tables = new Map<string, MemoryTable>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Throws ResourceNotFoundException. A table may be named by its ARN. */
  get(name: unknown): MemoryTable {
    if (typeof name !== "string")
      throw invalid("The parameter 'TableName' is required but was not present in the request");
    const found = this.#tables.get(name.slice(name.lastIndexOf("/") + 1));
    if (found === undefined) throw new AwsError("ResourceNotFoundException", "Requested resource not found");
    return found;
  }

  all(): readonly MemoryTable[] {
    return [...this.#tables.values()];
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
  create(input: Input): unknown {
    refuseOthers("CreateTable", input, [
      "TableName",
      "AttributeDefinitions",
      "KeySchema",
      "GlobalSecondaryIndexes",
      "BillingMode",
      "ProvisionedThroughput",
      "StreamSpecification",
      "DeletionProtectionEnabled",
    ]);
    const schema = readSchema(input, this.#kernel.clock.now());
    if (this.#tables.has(schema.name)) {
      throw new AwsError("ResourceInUseException", `Table already exists: ${schema.name}`);
    }
    const { clock, random } = this.#kernel;
    const feed = schema.stream
      ? new ChangeFeed({ now: () => clock.now(), uuid: () => random.uuid() })
      : undefined;
    const table = new MemoryTable(schema, feed);
    this.#tables.set(schema.name, table);
    return { TableDescription: describe(table) };
  }

  describe(input: Input): unknown {
    refuseOthers("DescribeTable", input, ["TableName"]);
    return { Table: describe(this.#named(input)) };
  }

  delete(input: Input): unknown {
    refuseOthers("DeleteTable", input, ["TableName"]);
    const table = this.#named(input);
    this.#tables.delete(table.schema.name);
    return { TableDescription: { ...describe(table), TableStatus: "DELETING" } };
  }

  list(input: Input): unknown {
    refuseOthers("ListTables", input, []);
    return { TableNames: [...this.#tables.keys()].sort() };
  }

  updateTimeToLive(input: Input): unknown {
    refuseOthers("UpdateTimeToLive", input, ["TableName", "TimeToLiveSpecification"]);
    const table = this.#named(input);
    const specification = input.TimeToLiveSpecification;
    if (!isObject(specification) || typeof specification.AttributeName !== "string") {
      throw invalid("TimeToLiveSpecification must name its attribute");
    }
    const enabled = specification.Enabled === true;
    if (enabled === (table.timeToLive !== undefined)) {
      throw invalid(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
    }
    table.timeToLive = enabled ? specification.AttributeName : undefined;
    return { TimeToLiveSpecification: specification };
  }

  describeTimeToLive(input: Input): unknown {
    refuseOthers("DescribeTimeToLive", input, ["TableName"]);
    const { timeToLive } = this.#named(input);
    return {
      TimeToLiveDescription:
        timeToLive === undefined
          ? { TimeToLiveStatus: "DISABLED" }
          : { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive },
    };
  }

  #named(input: Input): MemoryTable {
    const name = String(input.TableName ?? "");
    try {
      return this.get(name);
    } catch {
      throw new AwsError(
        "ResourceNotFoundException",
        `Requested resource not found: Table: ${name} not found`,
      );
    }
  }
}

function readSchema(input: Input, createdAt: number): TableSchema {
  const name = String(input.TableName ?? "");
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      "TableName must be at least 3 characters long and at most 255 characters long, of a-z A-Z 0-9 _ . -",
    );
  }
  const types = readTypes(input);
  const keys = readKeys(input.KeySchema, types);
  const indexes = list(input.GlobalSecondaryIndexes).map((index) => readIndex(index, types));
  const used = new Set([keys, ...indexes].flatMap((one) => keyParts(one).map((part) => part.name)));
  if (used.size !== types.size) {
    throw invalid(
      "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    );
  }
  const stream = isObject(input.StreamSpecification) ? input.StreamSpecification : {};
  if (stream.StreamEnabled === true && stream.StreamViewType !== "NEW_AND_OLD_IMAGES") {
    throw invalid("the embedded engine's streams carry NEW_AND_OLD_IMAGES only; set that StreamViewType");
  }
  return { name, keys, indexes, stream: stream.StreamEnabled === true, createdAt };
}

function readTypes(input: Input): ReadonlyMap<string, KeyType> {
  return new Map(
    list(input.AttributeDefinitions).map(({ AttributeName, AttributeType }) => {
      if (AttributeType !== "S" && AttributeType !== "N" && AttributeType !== "B") {
        throw invalid(`the key attribute ${AttributeName} must be of type S, N or B`);
      }
      return [String(AttributeName), AttributeType] as const;
    }),
  );
}

function readKeys(input: unknown, types: ReadonlyMap<string, KeyType>): Keys {
  const part = (role: string) => {
    const name = list(input).find(({ KeyType }) => KeyType === role)?.AttributeName;
    if (name === undefined) return undefined;
    const type = types.get(String(name));
    if (type === undefined) {
      throw invalid(
        `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${[...types.keys()].join(", ")}]`,
      );
    }
    return { name: String(name), type };
  };
  const partition = part("HASH");
  const sort = part("RANGE");
  if (partition === undefined)
    throw invalid("No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key");
  return { partition, ...(sort === undefined ? {} : { sort }) };
}

function readIndex(input: Input, types: ReadonlyMap<string, KeyType>): IndexSchema {
  refuseOthers("GlobalSecondaryIndexes", input, [
    "IndexName",
    "KeySchema",
    "Projection",
    "ProvisionedThroughput",
  ]);
  const { ProjectionType: kind, NonKeyAttributes: attributes } = isObject(input.Projection)
    ? input.Projection
    : {};
  let projection: Projection;
  if (kind === "INCLUDE" && Array.isArray(attributes))
    projection = { kind, attributes: attributes.map(String) };
  else if (kind === "ALL" || kind === "KEYS_ONLY") projection = { kind };
  else throw invalid("One or more parameter values were invalid: Unknown ProjectionType: null");
  return { name: String(input.IndexName ?? ""), ...readKeys(input.KeySchema, types), projection };
}

function list(input: unknown): Input[] {
  return Array.isArray(input) ? input.filter(isObject) : [];
}

function describe(table: MemoryTable): Record<string, unknown> {
  const { schema, feed } = table;
  const tableArn = arn("dynamodb", `table/${schema.name}`);
  const label = new Date(schema.createdAt).toISOString().replace("Z", "");
  const types = new Map(
    [schema.keys, ...schema.indexes].flatMap((keys) => keyParts(keys).map((p) => [p.name, p.type])),
  );
  return {
    TableName: schema.name,
    TableArn: tableArn,
    TableStatus: "ACTIVE",
    CreationDateTime: schema.createdAt / 1000,
    ItemCount: table.size,
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: describeKeys(schema.keys),
    ...(schema.indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: schema.indexes.map((index) => ({
            IndexName: index.name,
            IndexArn: `${tableArn}/index/${index.name}`,
            IndexStatus: "ACTIVE",
            KeySchema: describeKeys(index),
            Projection: {
              ProjectionType: index.projection.kind,
              ...(index.projection.kind === "INCLUDE"
                ? { NonKeyAttributes: index.projection.attributes }
                : {}),
            },
          })),
        }),
    ...(feed === undefined
      ? {}
      : {
          StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
          LatestStreamLabel: label,
          LatestStreamArn: `${tableArn}/stream/${label}`,
        }),
  };
}

function describeKeys(keys: Keys): unknown[] {
  return [
    { AttributeName: keys.partition.name, KeyType: "HASH" },
    ...(keys.sort === undefined ? [] : [{ AttributeName: keys.sort.name, KeyType: "RANGE" }]),
  ];
}
