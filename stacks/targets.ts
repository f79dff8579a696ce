import { existsSync, readFileSync } from "node:fs";
import type { AccountRole } from "@gonogo/adapters/aws/accounts";
import { LambdaAliasTarget } from "@gonogo/core/target/schema";
import { z } from "zod";

/** A target in another account comes with the role by which that account lets it be moved. */
const DeclaredTarget = LambdaAliasTarget.pick({
  kind: true,
  function: true,
  alias: true,
  region: true,
  account: true,
})
  .extend({
    role: z
      .string()
      .regex(/^[\w+=,.@-]{1,64}$/, "the name of a role in that account")
      .optional(),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{8,128}$/, "8 to 128 letters, digits and + = , . @ : / -")
      .optional(),
  })
  .refine(
    ({ account, role, externalId }) =>
      account === undefined
        ? role === undefined && externalId === undefined
        : role !== undefined && externalId !== undefined,
    "a target in another account has account, role and externalId, and one in this account has none of them",
  );

/** A key of the audit log: the first in KMS, a further one there by a name of one's own, or a secret. */
const AuditKeyKind = z
  .string()
  .regex(/^(secret|kms(:[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?)?)$/, 'is "kms", "kms:" and a name, or "secret"');

const Fields = z.strictObject({
  $schema: z.string().optional(),
  /** What releases may move. A function that is not here cannot be touched. */
  targets: z.array(DeclaredTarget).max(100).default([]),
  /** Alarms and a dashboard on gonogo itself: some four dollars a month. Without them it fails in silence. */
  alarms: z.boolean().default(true),
  /**
   * Who holds the key that signs the audit log: `kms`, which never gives it out, at a dollar a month; or `secret`,
   * the secret AuditSigningKey, for nothing, which whoever may read the function `checkpoint` can read.
   */
  auditKey: AuditKeyKind.default("kms"),
  /**
   * The key that signed the log before, for the one deployment that hands it over. One that was a secret is the
   * secret AuditSigningKeyBefore then.
   */
  auditKeyBefore: AuditKeyKind.optional(),
  /**
   * A bucket of another account, with Object Lock, into which what was signed is copied under COMPLIANCE: what this
   * account's administrators cannot delete, and that account's cannot either before `days` are over.
   */
  auditCopies: z
    .strictObject({
      bucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "the name of a bucket"),
      account: z.string().regex(/^[0-9]{12}$/, "the account that has it, 12 digits"),
      region: z
        .string()
        .regex(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, "a region such as eu-west-1")
        .optional(),
      days: z.number().int().min(1).max(36_500).default(400),
    })
    .optional(),
  /** Whether checks may ask AWS Backup how old backups are: of all that the account has, for IAM knows no less. */
  backups: z.boolean().default(false),
  /**
   * The file of Sigstore's trusted root, from this folder on: it goes with the functions that verify signatures made
   * without a key. Without it they believe none.
   */
  sigstoreRoot: z
    .string()
    .regex(/^(?!\/|.*\.\.)[\w./-]+\.json$/, "a file in this folder or below, such as trusted_root.json")
    .optional(),
  /** Who is told when gonogo itself is not well. */
  tell: z.array(z.email()).max(10).default([]),
  /** US dollars a month; past it the same people are told. */
  budget: z.number().positive().default(20),
  /** The page's own name, with its certificate of ACM in us-east-1, where CloudFront looks for it. */
  domain: z.strictObject({ name: z.hostname(), certificate: z.string().startsWith("arn:") }).optional(),
});
/** What an account says of its deployment, in `gonogo.targets.json` beside sst.config.ts. */
export const Declared = Fields.refine(
  ({ auditKey, auditKeyBefore }) => auditKey === "secret" || auditKey !== auditKeyBefore,
  {
    path: ["auditKeyBefore"],
    message: 'is the key that there is: name another in auditKey, such as "kms:2"',
  },
);
export type Declared = z.infer<typeof Declared>;
/** As much of it as rights and variables follow from. */
export type Granted = Pick<Declared, "targets" | "auditKey" | "auditKeyBefore" | "auditCopies" | "backups">;
export type DeclaredTarget = Declared["targets"][number];

/** How the accounts of targets are reached, each once. Throws when targets of one account say different things. */
export function rolesOf(targets: readonly DeclaredTarget[], partition = "aws"): AccountRole[] {
  const roles = new Map<string, AccountRole>();
  for (const { account, role, externalId } of targets) {
    if (account === undefined || role === undefined || externalId === undefined) continue;
    const one = { account, role: `arn:${partition}:iam::${account}:role/${role}`, externalId };
    const known = roles.get(account);
    if (known !== undefined && (known.role !== one.role || known.externalId !== externalId)) {
      throw new Error(`${FILE}: the targets in the account ${account} name different roles or external ids`);
    }
    roles.set(account, one);
  }
  return [...roles.values()];
}

export const FILE = "gonogo.targets.json";

/** Reads the declaration; without the file nothing may be moved. Throws, and says where the mistake is. */
export function readDeclared(file: string): Declared {
  if (!existsSync(file)) return Declared.parse({ targets: [] });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${FILE} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const result = Declared.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join(".") || "the top"}: ${message}`,
  );
  throw new Error(
    `${FILE}: ${issues.join("; ")}. ${FILE.replace(".json", ".example.json")} shows one that holds`,
  );
}
