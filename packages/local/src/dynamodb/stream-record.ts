import type { _Record as SdkRecord } from "@aws-sdk/client-dynamodb-streams";
import { arn, REGION } from "../kernel/arn.ts";
import type { Item } from "./attribute.ts";
import { sizeOfItem } from "./attribute-order.ts";
import type { FeedEntry } from "./change-feed.ts";

/**
 * A change as Lambda gets it.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: "1.1";
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    /** Grows from one change of an item to the next. */
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: "NEW_AND_OLD_IMAGES";
  };
}

export function recordOfEntry(table: string, feed: string, entry: FeedEntry): StreamRecord {
  const { keys, before, after } = entry;
  return {
    eventID: entry.eventId.replaceAll("-", ""),
    eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: REGION,
    eventSourceARN: arn("dynamodb", `table/${table}/stream/${feed}`),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(entry.at / 1000),
      Keys: keys,
      ...(after === undefined ? {} : { NewImage: after }),
      ...(before === undefined ? {} : { OldImage: before }),
      SequenceNumber: sequenceNumber(entry.number),
      SizeBytes: sizeOfItem(keys) + sizeOfItem(before ?? {}) + sizeOfItem(after ?? {}),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

/** "Between 21 and 40" digits, and all of one length, so that they sort as text too. */
export function sequenceNumber(number: number): string {
  return `1${String(number).padStart(20, "0")}`;
}

/** The reverse of `sequenceNumber`; 0, which is before all, for undefined. */
export function numberOf(sequence: string | undefined): number {
  return sequence === undefined ? 0 : Number(sequence.slice(1));
}

export function recordOfSdk(streamArn: string, record: SdkRecord): StreamRecord {
  const { dynamodb } = record;
  const image = (name: "NewImage" | "OldImage") =>
    dynamodb?.[name] === undefined ? {} : { [name]: plain(dynamodb[name]) as Item };
  return {
    eventID: record.eventID ?? "",
    eventName: record.eventName ?? "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: record.awsRegion ?? REGION,
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor((dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000),
      Keys: plain(dynamodb?.Keys ?? {}) as Item,
      ...image("NewImage"),
      ...image("OldImage"),
      SequenceNumber: dynamodb?.SequenceNumber ?? "",
      SizeBytes: dynamodb?.SizeBytes ?? 0,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

/** Binary as base64 text, as Lambda gives it. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
