import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AwsConfig } from "@gonogo/adapters/aws/config";
import { TABLE } from "@gonogo/adapters/dynamodb/keys";
import { inProcess, virtualKernel } from "../scheduler/testing.ts";
import { emulatorBinary, startEmulator } from "./emulator.ts";
import { type MemoryDynamo, memoryDynamo } from "./memory.ts";
import type { TableSpec } from "./tables.ts";

/** A DynamoDB to test against, and how a client reaches it. */
export interface Place {
  readonly config: AwsConfig;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

export function memoryPlace(): Place & ReturnType<typeof virtualKernel> & { readonly dynamo: MemoryDynamo } {
  const virtual = virtualKernel();
  const dynamo = memoryDynamo(virtual.kernel);
  virtual.kernel.register(dynamo.service);
  const config = inProcess(virtual.kernel);
  const client = new DynamoDBClient(config);
  return { ...virtual, dynamo, config, client, close: async () => client.destroy() };
}

export async function emulatorPlace(directory?: string): Promise<Place> {
  const emulator = await startEmulator(directory === undefined ? {} : { directory });
  const config = {
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    endpoint: emulator.endpoint,
  };
  const client = new DynamoDBClient(config);
  return {
    config,
    client,
    async close() {
      client.destroy();
      await emulator.stop();
    },
  };
}

/** All there are here: a platform without an emulator tests the memory alone. */
export const places: { readonly name: string; readonly open: () => Promise<Place> }[] = [
  { name: "memory", open: async () => memoryPlace() },
  ...(emulatorBinary() === undefined ? [] : [{ name: "the emulator", open: () => emulatorPlace() }]),
];

/** The product's own table. */
export function productTable(name: string): TableSpec {
  return {
    name,
    partitionKey: TABLE.keys.partition,
    sortKey: TABLE.keys.sort,
    indexes: [
      {
        name: TABLE.index.name,
        partitionKey: TABLE.index.partition,
        sortKey: TABLE.index.sort,
        projection: "all",
      },
    ],
    stream: true,
  };
}
