import { EVIDENCE, STORE } from "@gonogo/functions/deployment";
import { nameIn } from "./names.ts";
import type { Here } from "./place.ts";

/**
 * The one table, and the bucket for evidence. Nothing in the table expires but counts of what failed and of what was
 * refused, which alone have the attribute: the audit records are in it, and what is by their side costs next to nothing.
 */
export function storage({ stage, at, isKept }: Here) {
  const { keys, index } = STORE;
  const table = new sst.aws.Dynamo("Releases", {
    fields: {
      [keys.partition]: "string",
      [keys.sort]: "string",
      [index.partition]: "string",
      [index.sort]: "string",
    },
    primaryIndex: { hashKey: keys.partition, rangeKey: keys.sort },
    globalIndexes: { [index.name]: { hashKey: index.partition, rangeKey: index.sort, projection: "all" } },
    stream: "new-image",
    ttl: STORE.expires,
    deletionProtection: isKept,
    transform: {
      table: (args) => {
        args.name = nameIn(stage, STORE.table);
        args.pointInTimeRecovery = { enabled: true, recoveryPeriodInDays: 35 };
        args.serverSideEncryption = { enabled: true };
      },
    },
  });
  return { table, evidence: evidence(at.evidenceBucket, isKept) };
}

function evidence(name: string, isKept: boolean) {
  const bucket = new aws.s3.Bucket("Evidence", {
    bucket: name,
    objectLockEnabled: true,
    forceDestroy: false,
  });
  const on = { bucket: bucket.id };
  const versioning = new aws.s3.BucketVersioning("EvidenceVersions", {
    ...on,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.s3.BucketObjectLockConfiguration(
    "EvidenceLock",
    { ...on, rule: { defaultRetention: { ...EVIDENCE.lock, days: isKept ? EVIDENCE.lock.days : 1 } } },
    { dependsOn: [versioning] },
  );
  secureBucket("Evidence", bucket);
  return bucket;
}

/** What every bucket here has: nobody from outside, nothing unencrypted, at rest or on the way. */
export function secureBucket(name: string, bucket: aws.s3.Bucket, more: PolicyStatement[] = []) {
  const on = { bucket: bucket.id };
  const closed = new aws.s3.BucketPublicAccessBlock(`${name}Closed`, {
    ...on,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    ...on,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new aws.s3.BucketPolicy(
    `${name}Policy`,
    {
      ...on,
      policy: $jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "OnlyEncryptedOnTheWay",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucket.arn, $interpolate`${bucket.arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          ...more,
        ],
      }),
    },
    { dependsOn: [closed] },
  );
}

export type PolicyStatement = Readonly<Record<string, unknown>>;
