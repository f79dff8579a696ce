import type { Kernel } from "../kernel/kernel.ts";
import { AwsError, type AwsResponse, type Service } from "../kernel/wire.ts";
import {
  bucketsAnswer,
  errorAnswer,
  listAnswer,
  lockAnswer,
  objectAnswer,
  putAnswer,
  versionsAnswer,
  xml,
} from "./answers.ts";
import type { Blobs } from "./blobs.ts";
import { Buckets } from "./buckets.ts";
import { notServed, type S3Input } from "./input.ts";
import { type Listing, listObjects } from "./list.ts";
import { listVersions, type VersionListing } from "./list-versions.ts";
import type { BucketRecord, ContentVersion } from "./model.ts";
import { type Found, Objects } from "./objects.ts";
import type { SigningKeys } from "./presigned.ts";
import { isForS3, readRequest } from "./request.ts";

export interface S3Options {
  readonly blobs: Blobs;
  /** What presigned requests must be signed with. */
  readonly keys: SigningKeys;
}

/**
 * S3, as far as the product calls it: buckets with versions and Object Lock, whole objects, checksums, presigned
 * requests. https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export function createS3(kernel: Kernel, { blobs, keys }: S3Options): { readonly service: Service } {
  const buckets = new Buckets(kernel);
  const objects = new Objects(kernel, buckets, blobs);
  const service: Service = {
    name: "s3",
    match: (request) => (isForS3(request) ? readRequest(request, keys, kernel.clock.now()) : undefined),
    operations: {
      CreateBucket: (input: Parameters<Buckets["create"]>[0] & Partial<S3Input>) => {
        if ((input.Body?.byteLength ?? 0) > 0) throw notServed("CreateBucket with a configuration");
        return buckets.create({ ...input, ...input.members });
      },
      HeadBucket: ({ Bucket }: S3Input) => buckets.get(Bucket),
      ListBuckets: () => buckets.list(),
      PutObjectLockConfiguration: (input: Parameters<Buckets["setDefaultLock"]>[0]) =>
        buckets.setDefaultLock(input),
      GetObjectLockConfiguration: ({ Bucket }: S3Input) => buckets.get(Bucket),
      GetBucketVersioning: ({ Bucket }: S3Input) => buckets.get(Bucket),
      PutObject: (input: S3Input) => objects.put(input),
      GetObject: async (input: S3Input) => {
        const found = objects.find(input);
        return { found, body: await objects.content(found.version) };
      },
      HeadObject: (input: S3Input) => headed(objects, input),
      DeleteObject: (input: S3Input) => objects.delete(input),
      ListObjectVersions: ({ Bucket, members }: S3Input) => listVersions(objects, Bucket, members),
      ListObjectsV2: ({ Bucket, members }: S3Input) => listObjects(objects, Bucket, members),
    },
    encode: (operation, output) => answerOf(operation, output),
    encodeError: errorAnswer,
  };
  return { service };
}

/** A HEAD has no body to say more in than that there is nothing. */
function headed(objects: Objects, input: S3Input): Found {
  try {
    return objects.find(input);
  } catch (error) {
    if (!(error instanceof AwsError) || error.status !== 404) throw error;
    throw new AwsError("NotFound", "Not Found", 404);
  }
}

function answerOf(operation: string, output: unknown): AwsResponse {
  switch (operation) {
    case "PutObject":
      return putAnswer(output as ContentVersion);
    case "GetObject": {
      const { found, body } = output as { found: Found; body: Uint8Array };
      return objectAnswer(found, body);
    }
    case "HeadObject":
      return objectAnswer(output as Found, new Uint8Array());
    case "DeleteObject": {
      const { versionId, marker } = output as { versionId: string; marker: boolean };
      const headers = {
        "x-amz-version-id": versionId,
        ...(marker ? { "x-amz-delete-marker": "true" } : {}),
      };
      return { status: 204, headers, body: new Uint8Array() };
    }
    case "ListObjectsV2":
      return listAnswer(output as Listing);
    case "ListObjectVersions":
      return versionsAnswer(output as VersionListing);
    case "ListBuckets":
      return bucketsAnswer(output as readonly BucketRecord[]);
    case "GetObjectLockConfiguration":
      return lockAnswer(output as BucketRecord);
    case "GetBucketVersioning":
      return xml("VersioningConfiguration", [["Status", "Enabled"]]);
    case "CreateBucket":
      return { status: 200, headers: { location: (output as { Location: string }).Location }, body: EMPTY };
    default:
      return { status: 200, headers: {}, body: EMPTY };
  }
}

const EMPTY = new Uint8Array();
