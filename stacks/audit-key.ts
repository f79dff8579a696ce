import { createPublicKey } from "node:crypto";
import { readSecret } from "@gonogo/functions/entry/secrets";
import { auditKeyName, roleName } from "./names.ts";
import { KEY_OWNERS } from "./permissions.ts";
import type { Here } from "./place.ts";
import { type Secrets, secretName } from "./secrets.ts";

/** The key that the audit log is signed with, as functions are told of it. */
export interface AuditKey {
  /** The ARN of its alias in KMS; of a key that is a secret, its public half. */
  readonly name: string | $util.Output<string>;
  /** Its own, where it is in KMS. */
  readonly arn?: $util.Output<string>;
}

/** The key that signs, and while the log is handed over the one that did before. */
export interface AuditKeys {
  readonly now: AuditKey;
  readonly before?: AuditKey;
}

/** Where the account has declared them to be. */
export function auditKeys(given: Here, secrets: Secrets): AuditKeys {
  const { auditKey, auditKeyBefore } = given.declared;
  const now = keyOf(auditKey, given, secrets, "GONOGO_AUDIT_SIGNING_KEY");
  if (auditKeyBefore === undefined) return { now };
  return { now, before: keyOf(auditKeyBefore, given, secrets, "GONOGO_AUDIT_SIGNING_KEY_BEFORE") };
}

type KeySecret = "GONOGO_AUDIT_SIGNING_KEY" | "GONOGO_AUDIT_SIGNING_KEY_BEFORE";

function keyOf(kind: string, given: Here, secrets: Secrets, secret: KeySecret): AuditKey {
  if (kind !== "secret") return { name: given.at.auditKeyIn(kind), arn: keyInKms(given, kind).arn };
  const half = $resolve([secrets[secret]]).apply(([set]) => publicHalf(secret, set));
  // Of a secret Pulumi takes everything for one, and would not print it for the auditor.
  return { name: $util.unsecret(half) };
}

/** In base64, as GONOGO_AUDIT_KEY has it. Throws where the secret is not set, for a log must not go unsigned. */
function publicHalf(name: KeySecret, given: string): string {
  const secret = readSecret(name, { [name]: given });
  if (secret === undefined) {
    throw new Error(
      `gonogo.targets.json says "secret" of a key of the audit log, and the secret ${secretName(name)} is not set: docs/operations.md says how to make one`,
    );
  }
  return createPublicKey(secret.privateKey).export({ type: "spki", format: "der" }).toString("base64");
}

/**
 * It never leaves KMS, and one function alone may sign with it: an administrator who wants to has to change the
 * key's policy first, which CloudTrail shows.
 */
function keyInKms({ stage, at, isKept }: Here, kind: string): aws.kms.Key {
  const name = auditKeyName(stage, kind);
  const component = `AuditKey${kind.split(":")[1] ?? ""}`;
  const signer = `arn:${at.partition}:iam::${at.account}:role/${roleName(stage, "checkpoint", at.region)}`;
  const key = new aws.kms.Key(
    component,
    {
      description: `${name}: signs the audit log`,
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
  new aws.kms.Alias(`${component}Alias`, { name: `alias/${name}`, targetKeyId: key.keyId });
  return key;
}
