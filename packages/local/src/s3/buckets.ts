import type { Kernel } from "../kernel/kernel.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { notServed } from "./input.ts";
import type { BucketRecord, LockMode } from "./model.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const NAME = /^(?!xn--)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export class Buckets {
  readonly #kernel: Kernel;
  readonly #table: Table<BucketRecord>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#table = kernel.store.table("s3/buckets");
  }

  create(input: { Bucket: string; ObjectLockEnabledForBucket?: boolean | string }): { Location: string } {
    const { Bucket: name, ObjectLockEnabledForBucket: lock } = input;
    if (!NAME.test(name))
      throw new AwsError("InvalidBucketName", `The specified bucket is not valid: ${name}`);
    if (String(lock) !== "true") throw notServed("buckets without Object Lock");
    if (this.#table.get(name) !== undefined) {
      throw new AwsError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
      );
    }
    this.#table.set(name, { name, createdAt: this.#kernel.clock.now() });
    return { Location: `/${name}` };
  }

  /** Throws NoSuchBucket. */
  get(name: string): BucketRecord {
    const bucket = this.#table.get(name);
    if (bucket === undefined)
      throw new AwsError("NoSuchBucket", `The specified bucket does not exist: ${name}`, 404);
    return bucket;
  }

  list(): readonly BucketRecord[] {
    return this.#table
      .entries()
      .map(([, bucket]) => bucket)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Inside the engine only: on the wire it is not served. */
  setDefaultLock(input: { Bucket: string; Mode: LockMode; Days: number }): void {
    const bucket = this.get(input.Bucket);
    this.#table.set(bucket.name, { ...bucket, defaultLock: { mode: input.Mode, days: input.Days } });
  }
}
