import { createPublicKey } from "node:crypto";
import { readSecret } from "@gonogo/functions/entry/secrets";
import { nameIn, roleName } from "./names.ts";
import { KEY_OWNERS } from "./permissions.ts";
import type { Here } from "./place.ts";
import type { Secrets } from "./secrets.ts";

/** The key that the audit log is signed with, as functions are told of it. */
export interface AuditKey {
  /** The ARN of its alias in KMS; of a key that is a secret, its public half. */
  readonly name: string | $util.Output<string>;
  /** Its own, where it is in KMS. */
  readonly arn?: $util.Output<string>;
}

/** Where the account has declared it to be. */
export function auditKey(given: Here, secrets: Secrets): AuditKey {
  if (given.declared.auditKey === "kms") return { name: given.at.auditKey, arn: keyInKms(given).arn };
  const half = $resolve([secrets.GONOGO_AUDIT_SIGNING_KEY]).apply(([set]) => publicHalf(set));
  // Of a secret Pulumi takes everything for one, and would not print it for the auditor.
  return { name: $util.unsecret(half) };
}

/** In base64, as GONOGO_AUDIT_KEY has it. Throws where the secret is not set, for a log must not go unsigned. */
function publicHalf(given: string): string {
  const secret = readSecret("GONOGO_AUDIT_SIGNING_KEY", { GONOGO_AUDIT_SIGNING_KEY: given });
  if (secret === undefined) {
    throw new Error(
      'gonogo.targets.json says "auditKey": "secret", and the secret AuditSigningKey is not set: docs/operations.md says how to make one',
    );
  }
  return createPublicKey(secret.privateKey).export({ type: "spki", format: "der" }).toString("base64");
}

/**
 * It never leaves KMS, and one function alone may sign with it: an administrator who wants to has to change the
 * key's policy first, which CloudTrail shows.
 */
function keyInKms({ stage, at, isKept }: Here): aws.kms.Key {
  const signer = `arn:${at.partition}:iam::${at.account}:role/${roleName(stage, "checkpoint", at.region)}`;
  const key = new aws.kms.Key(
    "AuditKey",
    {
      description: `${nameIn(stage, "audit")}: signs the audit log`,
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      deletionWindowInDays: 30,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { ...KEY_OWNERS, Principal: { AWS: `arn:${at.partition}:iam::${at.account}:root` } },
          {
            Sid: "OneSigns",
            Effect: "Deny",
            Principal: "*",
            Action: "kms:Sign",
            // In a key's policy this is the key itself.
            Resource: "*",
            Condition: { ArnNotEquals: { "aws:PrincipalArn": signer } },
          },
        ],
      }),
    },
    { retainOnDelete: isKept },
  );
  new aws.kms.Alias("AuditKeyAlias", { name: `alias/${nameIn(stage, "audit")}`, targetKeyId: key.keyId });
  return key;
}
