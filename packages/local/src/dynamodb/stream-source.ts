import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type Shard,
} from "@aws-sdk/client-dynamodb-streams";
import type { ChangeFeed } from "./change-feed.ts";
import { numberOf, recordOfEntry, recordOfSdk, type StreamRecord } from "./stream-record.ts";

/** How far a consumer has come: the last sequence number it is done with, by shard. */
export type Position = Readonly<Record<string, string>>;

export interface StreamPage {
  readonly shard: string;
  /** Oldest first; none where the stream has no more for now. */
  readonly records: readonly StreamRecord[];
}

/** Where changes come from. */
export interface StreamSource {
  read(position: Position, limit: number): Promise<StreamPage>;
  /** Calls `tell` whenever there may be more. Returns what ends that. */
  watch(tell: () => void): () => void;
}

/** The changes of a table in memory; told at once of each. */
export function memoryStream(table: string, feed: ChangeFeed): StreamSource {
  return {
    async read(position, limit) {
      const entries = feed.read(numberOf(position[feed.id]), limit);
      return { shard: feed.id, records: entries.map((entry) => recordOfEntry(table, feed.id, entry)) };
    },
    watch: (tell) => feed.onChange(tell),
  };
}

/** Milliseconds of real time between two looks at a stream that had nothing new. */
const IDLE = 150;
/** Milliseconds for which the list of shards is taken to be what it was. */
const SHARDS_FRESH = 10_000;

/** The stream of a table behind the DynamoDB Streams API, read by polling. */
export function polledStream(client: DynamoDBStreamsClient, table: string, idle = IDLE): StreamSource {
  const stream = new PolledStream(client, table);
  return {
    read: (position, limit) => stream.read(position, limit),
    watch(tell) {
      const timer = setInterval(tell, idle);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

class PolledStream {
  readonly #client: DynamoDBStreamsClient;
  readonly #table: string;
  /** The iterator that goes on where a position ends, so that it need not be asked for each time. */
  readonly #iterators = new Map<string, { readonly after: string | undefined; readonly iterator: string }>();
  readonly #closed = new Set<string>();
  #arn: string | undefined;
  #shards: readonly Shard[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(client: DynamoDBStreamsClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(position: Position, limit: number): Promise<StreamPage> {
    const arn = await this.#list();
    for (const { ShardId: shard, ParentShardId: parent } of this.#shards) {
      if (shard === undefined || this.#closed.has(shard)) continue;
      // An item's changes are in order only if a shard's parent is read to its end first.
      const waits = this.#shards.some(({ ShardId }) => ShardId === parent) && !this.#closed.has(parent ?? "");
      if (waits) continue;
      const records = await this.#readShard(arn, shard, position[shard], limit);
      if (records.length > 0) return { shard, records };
    }
    return { shard: "", records: [] };
  }

  async #list(): Promise<string> {
    if (this.#arn !== undefined && Date.now() - this.#listedAt < SHARDS_FRESH) return this.#arn;
    const { Streams } = await this.#client.send(new ListStreamsCommand({ TableName: this.#table }));
    const arn = Streams?.at(-1)?.StreamArn;
    if (arn === undefined) throw new Error(`the table ${this.#table} has no stream; create it with one`);
    const shards: Shard[] = [];
    let after: string | undefined;
    do {
      const { StreamDescription: page } = await this.#client.send(
        new DescribeStreamCommand({
          StreamArn: arn,
          ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
        }),
      );
      shards.push(...(page?.Shards ?? []));
      after = page?.LastEvaluatedShardId;
    } while (after !== undefined);
    this.#arn = arn;
    this.#shards = shards;
    this.#listedAt = Date.now();
    return arn;
  }

  async #readShard(
    arn: string,
    shard: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly StreamRecord[]> {
    const kept = this.#iterators.get(shard);
    const iterator =
      kept?.after === after && kept !== undefined ? kept.iterator : await this.#from(arn, shard, after);
    try {
      const { Records: records = [], NextShardIterator: next } = await this.#client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }),
      );
      const last = records.at(-1)?.dynamodb?.SequenceNumber ?? after;
      if (next !== undefined) this.#iterators.set(shard, { after: last, iterator: next });
      else if (records.length === 0) {
        this.#closed.add(shard);
        this.#listedAt = Number.NEGATIVE_INFINITY;
      }
      return records.map((record) => recordOfSdk(arn, record));
    } catch (error) {
      // Iterators expire after fifteen minutes, and with a restart of the emulator.
      this.#iterators.delete(shard);
      throw error;
    }
  }

  async #from(arn: string, shard: string, after: string | undefined): Promise<string> {
    const from = (type: "AFTER_SEQUENCE_NUMBER" | "TRIM_HORIZON") =>
      this.#client.send(
        new GetShardIteratorCommand({
          StreamArn: arn,
          ShardId: shard,
          ShardIteratorType: type,
          ...(type === "TRIM_HORIZON" ? {} : { SequenceNumber: after }),
        }),
      );
    const found = await (after === undefined
      ? from("TRIM_HORIZON")
      : from("AFTER_SEQUENCE_NUMBER").catch((error: unknown) => {
          // What we had come to is gone from the stream: the oldest that is left comes next.
          if (error instanceof Error && error.name === "TrimmedDataAccessException")
            return from("TRIM_HORIZON");
          throw error;
        }));
    if (found.ShardIterator === undefined) throw new Error(`no iterator for the shard ${shard} of ${arn}`);
    return found.ShardIterator;
  }
}
