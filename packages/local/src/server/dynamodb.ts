import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import type { AwsConfig } from "@gonogo/adapters/aws/config";
import type { Log } from "@gonogo/functions/runtime";
import { startEmulator } from "../dynamodb/emulator.ts";

export interface DynamoDb {
  readonly endpoint: string;
  /** Of the emulator; undefined where the DynamoDB is another's. */
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
}

/** The emulator beside this process, or the one that was named, once it has answered. Throws when none does. */
export async function openDynamoDb(
  directory: string,
  endpoint: string | undefined,
  aws: Pick<AwsConfig, "region" | "credentials">,
  log: Log,
): Promise<DynamoDb> {
  if (endpoint !== undefined) {
    await expectAnswer(endpoint, aws);
    return { endpoint, pid: () => undefined, stop: async () => {} };
  }
  const emulator = await startEmulator({
    directory: join(directory, "dynamodb"),
    onRestart: (why) => log.warn("DynamoDB was started again", { why }),
  });
  return { endpoint: emulator.endpoint, pid: () => emulator.pid, stop: () => emulator.stop() };
}

async function expectAnswer(endpoint: string, aws: Pick<AwsConfig, "region" | "credentials">): Promise<void> {
  const say = (what: string) => new Error(`GONOGO_DYNAMODB_ENDPOINT is "${endpoint}": ${what}`);
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw say("that is no address; it looks like http://127.0.0.1:8000");
  }
  const requestHandler = { connectionTimeout: 2_000, requestTimeout: 4_000 };
  const client = new DynamoDBClient({ ...aws, endpoint, requestHandler, maxAttempts: 2 });
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }));
  } catch (error) {
    const why = error instanceof Error ? error.message || error.name : String(error);
    throw say(
      `no DynamoDB answers there (${why}); start it, or unset the variable for the one that comes along`,
    );
  } finally {
    client.destroy();
  }
}
