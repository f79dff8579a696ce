import type { Kernel } from "../kernel/kernel.ts";
import { type AwsResponse, jsonService, type Operation, type Service } from "../kernel/wire.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { batchGetItem, getItem, writeItem } from "./memory-items.ts";
import { query, scan } from "./memory-query.ts";
import { MemoryTables } from "./memory-tables.ts";
import { Transactions } from "./memory-transact.ts";

export interface MemoryDynamo {
  readonly service: Service;
  /** The changes of a table that has a stream. Throws where there is no such table or it has none. */
  feed(table: string): ChangeFeed;
}

/**
 * DynamoDB in memory, for the virtual clock: what the product calls, with AWS's answers and errors, and
 * nothing else. What it does not serve it refuses by name. Every read is consistent.
 */
export function memoryDynamo(kernel: Kernel): MemoryDynamo {
  const tables = new MemoryTables(kernel);
  const transactions = new Transactions(tables, kernel.clock);
  const operations: Record<string, Operation> = {
    CreateTable: (input) => tables.create(input),
    DescribeTable: (input) => tables.describe(input),
    DeleteTable: (input) => tables.delete(input),
    ListTables: (input) => tables.list(input),
    UpdateTimeToLive: (input) => tables.updateTimeToLive(input),
    DescribeTimeToLive: (input) => tables.describeTimeToLive(input),
    GetItem: (input) => getItem(tables, input),
    BatchGetItem: (input) => batchGetItem(tables, input),
    PutItem: (input) => writeItem(tables, "Put", input),
    UpdateItem: (input) => writeItem(tables, "Update", input),
    DeleteItem: (input) => writeItem(tables, "Delete", input),
    TransactWriteItems: (input) => transactions.write(input),
    Query: (input) => query(tables, input),
    Scan: (input) => scan(tables, input),
  };
  const json = jsonService({
    name: "dynamodb",
    targetPrefix: "DynamoDB_20120810",
    version: "1.0",
    operations,
  });
  return {
    service: { ...json, encode },
    feed(name) {
      const { feed } = tables.get(name);
      if (feed === undefined) throw new Error(`the table ${name} has no stream; create it with one`);
      return feed;
    },
  };
}

const encoder = new TextEncoder();

/** Every answer here is plain JSON as it stands, so nothing in it need be looked at again. */
function encode(_operation: string, output: unknown): AwsResponse {
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: encoder.encode(JSON.stringify(output)),
  };
}
