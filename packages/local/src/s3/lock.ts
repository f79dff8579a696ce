import { AwsError } from "../kernel/wire.ts";
import type { S3Input } from "./input.ts";
import type { BucketRecord, ContentVersion, LockMode } from "./model.ts";

const DAY_MS = 86_400_000;
const MODES: readonly string[] = ["GOVERNANCE", "COMPLIANCE"];

/**
 * The lock that a new version gets: its own, or the bucket's. Throws InvalidRequest or InvalidArgument.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function lockFor(bucket: BucketRecord, { members }: S3Input, now: number): ContentVersion["lock"] {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: date } = members;
  const hasSum = Object.keys(members).some((name) => /^ContentMD5$|^Checksum(?!Algorithm)/.test(name));
  if (mode === undefined && date === undefined && bucket.defaultLock === undefined) return undefined;
  if (!hasSum) {
    throw new AwsError(
      "InvalidRequest",
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    );
  }
  if (mode === undefined && date === undefined) {
    const { mode: byDefault = "GOVERNANCE", days = 0 } = bucket.defaultLock ?? {};
    return { mode: byDefault, until: now + days * DAY_MS };
  }
  if (mode === undefined || date === undefined) {
    throw new AwsError(
      "InvalidArgument",
      "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
    );
  }
  if (!MODES.includes(mode)) throw new AwsError("InvalidArgument", "Unknown wormMode directive.");
  const until = Date.parse(date);
  if (!Number.isFinite(until)) {
    throw new AwsError("InvalidArgument", "The retain until date must be provided in ISO 8601 format");
  }
  if (until <= now) throw new AwsError("InvalidArgument", "The retain until date must be in the future!");
  return { mode: mode as LockMode, until };
}

/** Throws AccessDenied while a version is held; who may bypass governance says so, and compliance nobody may. */
export function expectFree(version: ContentVersion, bypass: boolean, now: number): void {
  const { lock } = version;
  if (lock === undefined || lock.until <= now) return;
  if (lock.mode === "GOVERNANCE" && bypass) return;
  throw new AwsError("AccessDenied", "Access Denied because object protected by object lock.", 403);
}
