import { nameIn, roleName } from "./names.ts";
import { KEY_OWNERS } from "./permissions.ts";
import type { Here } from "./place.ts";

/**
 * The key that the audit log is signed with. It never leaves KMS, and one function alone may sign with it: an
 * administrator who wants to has to change the key's policy first, which CloudTrail shows.
 */
export function auditKey({ stage, at, isKept }: Here): aws.kms.Key {
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
