import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect, it } from "vitest";
import { type Position, polledStream } from "./stream-source.ts";

interface FakeShard {
  readonly id: string;
  readonly parent?: string;
  readonly numbers: readonly string[];
  readonly closed: boolean;
}

/** A streams API of several shards, as AWS has once a shard is four hours old; the emulator keeps to one. */
function fakeStreams(shards: readonly FakeShard[], trimmed = "0"): DynamoDBStreamsClient {
  const answer = (name: string, input: Record<string, string>): unknown => {
    switch (name) {
      case "ListStreamsCommand":
        return { Streams: [{ StreamArn: "arn:stream" }] };
      case "DescribeStreamCommand":
        return {
          StreamDescription: {
            Shards: shards.map(({ id, parent }) => ({ ShardId: id, ParentShardId: parent })),
          },
        };
      case "GetShardIteratorCommand": {
        const { SequenceNumber: after = "0", ShardIteratorType: type } = input;
        if (type === "AFTER_SEQUENCE_NUMBER" && after < trimmed) {
          throw Object.assign(new Error("trimmed"), { name: "TrimmedDataAccessException" });
        }
        return { ShardIterator: `${input.ShardId}/${type === "TRIM_HORIZON" ? trimmed : after}` };
      }
      default: {
        const [id, after = ""] = (input.ShardIterator ?? "").split("/");
        const shard = shards.find((one) => one.id === id);
        const numbers = (shard?.numbers ?? [])
          .filter((number) => number > after)
          .slice(0, Number(input.Limit));
        const last = numbers.at(-1) ?? after;
        const ended = shard?.closed === true && last === shard.numbers.at(-1);
        return {
          Records: numbers.map((SequenceNumber) => ({ eventName: "INSERT", dynamodb: { SequenceNumber } })),
          ...(ended ? {} : { NextShardIterator: `${id}/${last}` }),
        };
      }
    }
  };
  const client = {
    send: async (command: { input: Record<string, string> }) =>
      answer(command.constructor.name, command.input),
  };
  return client as unknown as DynamoDBStreamsClient;
}

async function readAll(client: DynamoDBStreamsClient, from: Position = {}) {
  const source = polledStream(client, "any");
  const seen: string[] = [];
  for (let position = from, idle = 0; idle < 3; ) {
    const { shard, records } = await source.read(position, 2);
    const last = records.at(-1)?.dynamodb.SequenceNumber;
    if (last === undefined) idle += 1;
    else position = { ...position, [shard]: last };
    seen.push(...records.map(({ dynamodb }) => dynamodb.SequenceNumber));
  }
  return seen;
}

describe("a stream of several shards", () => {
  const parent = { id: "parent", numbers: ["1", "2", "3"], closed: true };
  const child = { id: "child", parent: "parent", numbers: ["4", "5"], closed: false };

  it("is read parent before child, wherever they stand in the list", async () => {
    expect(await readAll(fakeStreams([child, parent]))).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("is read on where it was left", async () => {
    expect(await readAll(fakeStreams([parent, child]), { parent: "2" })).toEqual(["3", "4", "5"]);
    expect(await readAll(fakeStreams([parent, child]), { parent: "3", child: "4" })).toEqual(["5"]);
  });

  it("is read without its parent once that is gone", async () => {
    expect(await readAll(fakeStreams([child]), { parent: "2" })).toEqual(["4", "5"]);
  });

  it("goes on with the oldest that is left where the place it was at is gone", async () => {
    expect(await readAll(fakeStreams([parent, child], "2"), { parent: "1" })).toEqual(["3", "4", "5"]);
  });
});
