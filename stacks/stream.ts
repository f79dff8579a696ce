import { STORE } from "@gonogo/functions/deployment";
import type { Here } from "./place.ts";

interface Parts {
  readonly table: sst.aws.Dynamo;
  readonly publisher: sst.aws.Function;
}

/**
 * Hands audit records that were written to the function that puts them on the bus, in their order. Other
 * items of the table do not wake it. A record that will not go is tried for a day before it is put away, and
 * holds up those of its shard: order is worth more, and an alarm tells of it.
 */
export function stream({ at }: Here, { table, publisher }: Parts): void {
  new aws.lambda.EventSourceMapping("ReleasesStream", {
    eventSourceArn: table.nodes.table.streamArn,
    functionName: publisher.name,
    startingPosition: "TRIM_HORIZON",
    batchSize: 100,
    maximumRecordAgeInSeconds: 86_400,
    maximumRetryAttempts: -1,
    functionResponseTypes: ["ReportBatchItemFailures"],
    filterCriteria: { filters: [{ pattern: JSON.stringify(RECORDS) }] },
    destinationConfig: { onFailure: { destinationArn: at.deadLetters } },
  });
}

/** What functions/events/publish.ts reads, and no more. */
export const RECORDS = {
  eventName: ["INSERT"],
  dynamodb: { Keys: { [STORE.keys.sort]: { S: [{ prefix: "EVENT#" }] } } },
};
