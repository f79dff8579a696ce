import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import {
  type NewObject,
  type ObjectStore,
  ObjectStoreUnavailable,
  type SignedRequest,
  type StoredObject,
  type WantedDownload,
  type WantedUpload,
} from "@gonogo/core/evidence/port";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { type Duration, toMs } from "@gonogo/core/kit/duration";
import { type Instant, plus, toMillis } from "@gonogo/core/kit/instant";
import type { Page } from "@gonogo/core/release/ports";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";
import { base64Of, digestIn } from "./checksum.ts";
import { attachment } from "./disposition.ts";

const LOCK_MODES = { governance: "GOVERNANCE", compliance: "COMPLIANCE" } as const;

/** The names that S3 has for nothing there. */
const ABSENT = ["NotFound", "NoSuchKey"];

/** Objects in one S3 bucket with versions and Object Lock. See README.md for its rights. */
export class S3Objects implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #now: () => Instant;
  readonly #owner: string | undefined;

  /** `owner` is the account that has the bucket, where it is another: nothing is put into one of somebody else's. */
  constructor(
    config: AwsConfig,
    { bucket, now, owner }: { readonly bucket: string; readonly now: () => Instant; readonly owner?: string },
  ) {
    this.#client = new S3Client(config);
    this.#bucket = bucket;
    this.#owner = owner;
    this.#now = now;
  }

  async put({ key, body, contentType, ifPresent, lock }: NewObject): Promise<StoredObject> {
    const digest = digestOfBytes(body);
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      ChecksumSHA256: base64Of(digest),
      ...(this.#owner === undefined ? {} : { ExpectedBucketOwner: this.#owner }),
      ...(ifPresent === "keep" ? { IfNoneMatch: "*" } : {}),
      ...(lock === undefined
        ? {}
        : {
            ObjectLockMode: LOCK_MODES[lock.mode],
            ObjectLockRetainUntilDate: new Date(toMillis(lock.until)),
          }),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      const kept = awsErrorName(error) === "PreconditionFailed" ? await this.head(key) : undefined;
      if (kept === undefined) throw new ObjectStoreUnavailable(error);
      return kept;
    }
    return { key, size: body.byteLength, contentType, digest };
  }

  async get(key: string): Promise<{ about: StoredObject; body: Uint8Array } | undefined> {
    return await orAbsent(async () => {
      const answer = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key, ChecksumMode: "ENABLED" }),
      );
      const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      return { about: described(key, answer), body };
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    return await orAbsent(async () => {
      const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: key, ChecksumMode: "ENABLED" });
      return described(key, await this.#client.send(command));
    });
  }

  /**
   * The presigner leaves the type out and puts the checksum into the query unless it is told otherwise; here
   * both are headers that the signature covers, as is the length.
   */
  async uploadUrl({ key, size, digest, contentType, expiresIn }: WantedUpload): Promise<SignedRequest> {
    const checksum = "x-amz-checksum-sha256";
    const ChecksumSHA256 = base64Of(digest);
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ContentLength: size,
      ContentType: contentType,
      ChecksumSHA256,
    });
    const signed = new Set(["host", "content-type", "content-length", checksum]);
    const url = await getSignedUrl(this.#client, command, {
      ...this.#validity(expiresIn),
      signableHeaders: signed,
      unhoistableHeaders: new Set([checksum]),
    });
    const headers = { "content-type": contentType, [checksum]: ChecksumSHA256 };
    return { method: "PUT", url, headers, expiresAt: plus(this.#now(), expiresIn) };
  }

  async downloadUrl({ key, contentType, fileName, expiresIn }: WantedDownload): Promise<SignedRequest> {
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ResponseContentType: contentType,
      ResponseContentDisposition: attachment(fileName),
      ResponseCacheControl: "private, no-store",
    });
    const url = await getSignedUrl(this.#client, command, this.#validity(expiresIn));
    return { method: "GET", url, headers: {}, expiresAt: plus(this.#now(), expiresIn) };
  }

  async list(
    prefix: string,
    { limit, after }: { readonly limit: number; readonly after?: string },
  ): Promise<Page<{ key: string; size: number }>> {
    try {
      const answer = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          MaxKeys: limit,
          ContinuationToken: after,
        }),
      );
      const items = (answer.Contents ?? []).map(({ Key = "", Size = 0 }) => ({ key: Key, size: Size }));
      const next = answer.NextContinuationToken;
      return next === undefined ? { items } : { items, next };
    } catch (error) {
      throw new ObjectStoreUnavailable(error);
    }
  }

  #validity(expiresIn: Duration): { signingDate: Date; expiresIn: number } {
    return { signingDate: new Date(toMillis(this.#now())), expiresIn: toMs(expiresIn) / 1000 };
  }
}

/** Throws ObjectStoreUnavailable for all but what is not there. */
async function orAbsent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (ABSENT.includes(awsErrorName(error) ?? "")) return undefined;
    throw new ObjectStoreUnavailable(error);
  }
}

function described(key: string, answer: HeadObjectCommandOutput | GetObjectCommandOutput): StoredObject {
  const digest = digestIn(answer.ChecksumSHA256);
  return {
    key,
    size: answer.ContentLength ?? 0,
    contentType: answer.ContentType ?? "application/octet-stream",
    ...(digest === undefined ? {} : { digest }),
  };
}
