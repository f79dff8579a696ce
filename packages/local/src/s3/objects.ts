import type { Kernel } from "../kernel/kernel.ts";
import type { Archive } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import type { Blobs } from "./blobs.ts";
import type { Buckets } from "./buckets.ts";
import { etagOf, verified } from "./checksums.ts";
import { notServed, type S3Input } from "./input.ts";
import { expectFree, lockFor } from "./lock.ts";
import type { ContentVersion, ObjectRecord, Version } from "./model.ts";

/** The longest key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;
/** Kept with an object and sent with it. */
const KEPT = ["ContentDisposition", "ContentLanguage", "CacheControl", "ContentEncoding"];

export interface Found {
  readonly version: ContentVersion;
  readonly input: S3Input;
}

/** Objects and their versions. Nothing is overwritten: what is put again lies on top of what was there. */
export class Objects {
  readonly #kernel: Kernel;
  readonly #buckets: Buckets;
  readonly #blobs: Blobs;
  readonly #table: Archive<ObjectRecord>;

  constructor(kernel: Kernel, buckets: Buckets, blobs: Blobs) {
    this.#kernel = kernel;
    this.#buckets = buckets;
    this.#blobs = blobs;
    this.#table = kernel.store.archive("s3/objects");
  }

  async put(input: S3Input): Promise<ContentVersion> {
    const { Body, members } = input;
    const bucket = this.#buckets.get(input.Bucket);
    if (Buffer.byteLength(input.Key) > LONGEST_KEY) {
      throw new AwsError("KeyTooLongError", "Your key is too long");
    }
    expectServed(members);
    if (members.ContentLength !== undefined && Number(members.ContentLength) !== Body.byteLength) {
      throw new AwsError(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
      );
    }
    const checksums = verified(input);
    const now = this.#kernel.clock.now();
    const lock = lockFor(bucket, input, now);
    this.#expectCondition(input);
    const version: ContentVersion = {
      kind: "content",
      id: this.#kernel.random.uuid().replaceAll("-", ""),
      at: now,
      size: Body.byteLength,
      etag: etagOf(Body),
      contentType: members.ContentType ?? "binary/octet-stream",
      checksums,
      headers: Object.fromEntries(
        KEPT.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
      ),
      metadata: input.metadata,
      ...(lock === undefined ? {} : { lock }),
    };
    await this.#blobs.put(version.id, Body);
    try {
      // Somebody else may have been faster while the content was written.
      this.#expectCondition(input);
    } catch (error) {
      await this.#blobs.delete(version.id);
      throw error;
    }
    this.#add(input, version);
    return version;
  }

  find(input: S3Input): Found {
    this.#buckets.get(input.Bucket);
    const { VersionId: id } = input.members;
    const { versions } = this.#record(input);
    const found = id === undefined ? versions.at(-1) : versions.find((one) => one.id === id);
    if (id !== undefined && found === undefined) {
      throw new AwsError("NoSuchVersion", "The specified version does not exist.", 404);
    }
    if (found?.kind === "delete-marker" && id !== undefined) {
      throw new AwsError(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        405,
      );
    }
    if (found?.kind !== "content")
      throw new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: input.Key });
    return { version: found, input };
  }

  async content(version: ContentVersion): Promise<Uint8Array> {
    return await this.#blobs.get(version.id);
  }

  /** Without a version it is hidden and no more; a version itself goes only when no lock holds it. */
  async delete(input: S3Input): Promise<{ versionId: string; marker: boolean }> {
    this.#buckets.get(input.Bucket);
    const { VersionId: id, BypassGovernanceRetention: bypass } = input.members;
    const now = this.#kernel.clock.now();
    if (id === undefined) {
      const marker: Version = {
        kind: "delete-marker",
        id: this.#kernel.random.uuid().replaceAll("-", ""),
        at: now,
      };
      this.#add(input, marker);
      return { versionId: marker.id, marker: true };
    }
    const { versions } = this.#record(input);
    const found = versions.find((one) => one.id === id);
    if (found?.kind === "content") expectFree(found, bypass === "true", now);
    const left = versions.filter((one) => one.id !== id);
    if (left.length === 0) this.#table.delete(pathOf(input));
    else this.#table.set(pathOf(input), { versions: left });
    if (found?.kind === "content") await this.#blobs.delete(id);
    return { versionId: id, marker: found?.kind === "delete-marker" };
  }

  /** Keys after `after`, each with its newest version; those that are hidden are left out. */
  *newest(bucket: string, prefix: string, after: string): Generator<[string, ContentVersion]> {
    const base = `${this.#buckets.get(bucket).name}/`;
    let from = `${base}${after}`;
    for (;;) {
      const page = this.#table.page({ prefix: `${base}${prefix}`, after: from, limit: 1_000 });
      for (const [path, { versions }] of page) {
        const last = versions.at(-1);
        if (last?.kind === "content") yield [path.slice(base.length), last];
        from = path;
      }
      if (page.length < 1_000) return;
    }
  }

  /** All versions under the keys behind `after`, of a key the newest first; hidden ones and delete markers too. */
  *versions(bucket: string, prefix: string, after: string): Generator<[string, readonly Version[]]> {
    const base = `${this.#buckets.get(bucket).name}/`;
    let from = `${base}${after}`;
    for (;;) {
      const page = this.#table.page({ prefix: `${base}${prefix}`, after: from, limit: 1_000 });
      for (const [path, { versions }] of page) {
        yield [path.slice(base.length), versions.toReversed()];
        from = path;
      }
      if (page.length < 1_000) return;
    }
  }

  #record(input: S3Input): ObjectRecord {
    return this.#table.get(pathOf(input)) ?? { versions: [] };
  }

  #add(input: S3Input, version: Version): void {
    const { versions } = this.#record(input);
    this.#table.set(pathOf(input), { versions: [...versions, version] });
  }

  #expectCondition(input: S3Input): void {
    const condition = input.members.IfNoneMatch;
    if (condition === undefined) return;
    if (condition !== "*") throw notServed("PutObject with If-None-Match other than *");
    if (this.#record(input).versions.at(-1)?.kind !== "content") return;
    throw new AwsError(
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      412,
      {
        Condition: "If-None-Match",
      },
    );
  }
}

/** A bucket's name has no slash in it. */
function pathOf({ Bucket, Key }: S3Input): string {
  return `${Bucket}/${Key}`;
}

function expectServed(members: S3Input["members"]): void {
  const { ServerSideEncryption: encryption = "AES256", StorageClass: storage = "STANDARD" } = members;
  if (encryption !== "AES256") throw notServed(`PutObject with the encryption ${encryption}`);
  if (storage !== "STANDARD") throw notServed(`PutObject in the storage class ${storage}`);
  if (/aws-chunked/.test(members.ContentEncoding ?? "")) throw notServed("PutObject in signed chunks");
}
