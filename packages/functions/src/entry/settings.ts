import { isTestName } from "@gonogo/core/integration/schema";
import { z } from "zod";
import type { FunctionName, MachineName } from "../deployment.ts";

const arn = (service: string, resource: RegExp, example: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:${resource.source}$`),
      `is not an ARN such as ${example}`,
    );

/** Names end in what deployment.ts calls the thing, so one that stands in another's place is found out. */
const functionArn = (name: FunctionName) =>
  arn(
    "lambda",
    new RegExp(`function:(?:[\\w-]{1,128}-)?${name}(?::[\\w$-]{1,128})?`),
    `arn:aws:lambda:eu-west-1:123456789012:function:gonogo-${name}`,
  );
const machineArn = (name: MachineName) =>
  arn(
    "states",
    new RegExp(`stateMachine:(?:[\\w-]{1,70}-)?${name}`),
    `arn:aws:states:eu-west-1:123456789012:stateMachine:gonogo-${name}`,
  );

/** How accounts other than the deployment's own are reached. */
export const AccountRoles = z.array(
  z.strictObject({
    account: z.string().regex(/^[0-9]{12}$/),
    role: z.string().regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/.+$/),
    externalId: z.string().min(8),
  }),
);

const NOT_A_KEY =
  "is neither an ARN such as arn:aws:kms:eu-west-1:123456789012:alias/gonogo-audit nor a public key on P-256 in base64";
/** In KMS, or the public half of a key that a secret holds: SubjectPublicKeyInfo on P-256. */
const auditKey = z.union(
  [
    arn("kms", /(?:key\/[0-9a-f-]{36}|alias\/[\w/-]{1,250})/, ""),
    z.string().regex(/^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==$/),
  ],
  NOT_A_KEY,
);
/** What stands in place of a key that there is not. */
export const NO_KEY = "none";

/** The bucket of another account for copies of checkpoints. */
export const AuditCopies = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/),
  account: z.string().regex(/^[0-9]{12}$/),
  region: z.string().optional(),
  days: z.number().int().min(1).max(36_500),
});

/** What a deployment tells its functions, each by its variable. Secrets are apart, see secrets.ts. */
export const VARIABLES = {
  AWS_REGION: z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, "is not a region such as eu-west-1"),
  GONOGO_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/, "is not the name of a table: 3 to 255 letters, digits, _, - and ."),
  GONOGO_BUS: z
    .string()
    .regex(/^[\w./-]{1,256}$/, "is not the name of a bus: letters, digits, /, ., _ and -")
    .refine((name) => name !== "default", "is the default bus; gonogo has one of its own"),
  GONOGO_EVIDENCE_BUCKET: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "is not the name of a bucket: 3 to 63 lower-case letters, digits and -",
    ),
  GONOGO_ROLLOUT_ARN: machineArn("rollout"),
  GONOGO_ROLLBACK_ARN: machineArn("rollback"),
  GONOGO_SCHEDULE_GROUP: z
    .string()
    .regex(/^[\w.-]{1,64}$/, "is not the name of a schedule group: up to 64 letters, digits, _, - and ."),
  GONOGO_SCHEDULER_ROLE_ARN: arn(
    "iam",
    /role\/[\w+=,.@/-]{1,512}/,
    "arn:aws:iam::123456789012:role/gonogo-scheduler",
  ),
  GONOGO_VISIT_ARN: functionArn("visit"),
  GONOGO_STAND_BY_ARN: functionArn("stand-by"),
  GONOGO_ACCOUNTS: z.string().refine((text) => {
    try {
      return AccountRoles.safeParse(JSON.parse(text)).success;
    } catch {
      return false;
    }
  }, 'is not a list such as [{"account":"123456789012","role":"arn:aws:iam::123456789012:role/gonogo","externalId":"…"}], or []'),
  GONOGO_DEAD_LETTER_ARN: arn(
    "sqs",
    /[\w-]{1,80}(?:\.fifo)?/,
    "arn:aws:sqs:eu-west-1:123456789012:gonogo-dead-letters",
  ),
  GONOGO_AUDIT_COPIES: z.string().refine((text) => {
    if (text === NO_KEY) return true;
    try {
      return AuditCopies.safeParse(JSON.parse(text)).success;
    } catch {
      return false;
    }
  }, 'is neither none nor a bucket such as {"bucket":"audit-of-gonogo","account":"123456789012","days":400}'),
  GONOGO_TEST_ALARM: z
    .string()
    .refine(isTestName, "is not the name of the test alarm, such as gonogo-production-integration-test"),
  /** A file beside the function's code, or anywhere on one machine. */
  GONOGO_SIGSTORE_ROOT: z
    .string()
    .regex(/^(?:none|[^\0]{1,400}\.json)$/, "is neither `none` nor a file such as trusted_root.json"),
  GONOGO_AUDIT_KEY: auditKey,
  /** The one that the log was signed with before, while it is handed over. */
  GONOGO_AUDIT_KEY_BEFORE: z.union([auditKey, z.literal(NO_KEY)], `${NOT_A_KEY}, nor ${NO_KEY}`),
} as const satisfies Record<string, z.ZodType<string>>;

export type Variable = keyof typeof VARIABLES;
export type Environment = Readonly<Record<string, string | undefined>>;

/** The deployment has given a function no environment that it can work in. The message names every variable. */
export class WrongEnvironment extends Error {
  constructor(problems: readonly string[]) {
    super(`${problems.join("; ")}; docs/operations.md lists the variables and the secrets`);
    this.name = "WrongEnvironment";
  }
}

/** Reads variables. Throws WrongEnvironment, which names each that is missing or wrong. */
export function readSettings<V extends Variable>(
  names: readonly V[],
  environment: Environment,
): Readonly<Record<V, string>> {
  const problems: string[] = [];
  const read = names.map((name): [V, string] => {
    const value = environment[name];
    if (value === undefined || value === "") {
      problems.push(`${name} is not set`);
      return [name, ""];
    }
    const result = VARIABLES[name].safeParse(value);
    if (!result.success) problems.push(`${name} is "${value}", which ${result.error.issues[0]?.message}`);
    return [name, value];
  });
  if (problems.length > 0) throw new WrongEnvironment(problems);
  return Object.fromEntries(read) as Record<V, string>;
}
