import {
  BUS,
  DEAD_LETTERS,
  EVIDENCE,
  FUNCTIONS,
  type FunctionName,
  type MachineName,
  RULES,
  SCHEDULE_GROUP,
  STORE,
  TEST_ALARM,
} from "@gonogo/functions/deployment";

/** Of a key of the audit log in KMS, the name of its alias: `kms` is the first, `kms:NAME` a further one. */
export function auditKeyName(stage: string, kind: string): string {
  const [, which] = kind.split(":");
  return nameIn(stage, which === undefined ? "audit" : `audit-${which}`);
}

/** Where a deployment is. */
export interface Place {
  readonly stage: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
}

/** The schedules that a release sets for itself; see adapters/scheduler. */
const RELEASE_SCHEDULES = "release-*";

/** The name of a thing in a stage: chosen here, and so known before it is there. */
export function nameIn(stage: string, what: string): string {
  return what === BUS ? `${BUS}-${stage}` : `gonogo-${stage}-${what}`;
}

/**
 * Where everything of a deployment is. All names are chosen, none is drawn: so a policy can name what is made
 * after it, and a machine can name functions that name the machine.
 */
export function addresses({ stage, region, account, partition }: Place) {
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const name = (what: string) => nameIn(stage, what);
  const bus = name(BUS);
  const group = name(SCHEDULE_GROUP);
  return {
    partition,
    region,
    account,
    table: arn("dynamodb", `table/${name(STORE.table)}`),
    index: arn("dynamodb", `table/${name(STORE.table)}/index/${STORE.index.name}`),
    /** The stream's own name holds the moment of its making. */
    streams: arn("dynamodb", `table/${name(STORE.table)}/stream/*`),
    /** Buckets share one name space with all the world: the account and the region make this one ours. */
    evidenceBucket: bucketName(stage, EVIDENCE.bucket, { account, region }),
    /** As the SDK addresses it, and so its presigned requests. */
    evidenceHost: `${bucketName(stage, EVIDENCE.bucket, { account, region })}.s3.${region}.amazonaws.com`,
    /** What keys of copies in another account's bucket begin with: the log's own name. */
    copiesIn: (bucket: string) => `arn:${partition}:s3:::${bucket}/gonogo/${name(STORE.table)}`,
    evidence: `arn:${partition}:s3:::${bucketName(stage, EVIDENCE.bucket, { account, region })}`,
    bus: arn("events", `event-bus/${bus}`),
    deadLetters: arn("sqs", name(DEAD_LETTERS)),
    function: (which: FunctionName) => arn("lambda", `function:${name(which)}`),
    functions: () => Object.keys(FUNCTIONS).map((which) => arn("lambda", `function:${name(which)}`)),
    logs: (which: FunctionName) => arn("logs", `log-group:/aws/lambda/${name(which)}:*`),
    machine: (which: MachineName) => arn("states", `stateMachine:${name(which)}`),
    executions: (which: MachineName) => arn("states", `execution:${name(which)}:*`),
    rule: (which: string, on: "default" | "own") =>
      arn("events", on === "own" ? `rule/${bus}/${name(which)}` : `rule/${name(which)}`),
    rules: () =>
      Object.entries(RULES).map(([which, { bus: on }]) =>
        arn("events", on === "own" ? `rule/${bus}/${name(which)}` : `rule/${name(which)}`),
      ),
    /** The rules that a release puts up for itself; see adapters/eventbridge/stand-by.ts. */
    standByRules: [arn("events", `rule/${bus}-standby-*`), arn("events", `rule/${bus}/${bus}-standby-*`)],
    testAlarm: arn("cloudwatch", `alarm:${name(TEST_ALARM.name)}`),
    /** A key's own ARN is drawn by AWS, its alias is chosen: functions call it by that. */
    auditKey: arn("kms", `alias/${auditKeyName(stage, "kms")}`),
    /** By how it is declared: `kms:NAME` has an alias of its own. */
    auditKeyIn: (kind: string) => arn("kms", `alias/${auditKeyName(stage, kind)}`),
    releaseSchedules: arn("scheduler", `schedule/${group}/${RELEASE_SCHEDULES}`),
    /** Those of gonogo itself, in the same group: their names begin as everything else's. */
    standingSchedules: arn("scheduler", `schedule/${group}/${name("*")}`),
    scheduleGroup: arn("scheduler", `schedule-group/${group}`),
    schedulerRole: `arn:${partition}:iam::${account}:role/${roleName(stage, "timers", region)}`,
  } as const;
}

export type Addresses = ReturnType<typeof addresses>;

/** Throws when S3 takes no such name. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function bucketName(
  stage: string,
  what: string,
  { account, region }: Omit<Place, "stage" | "partition">,
): string {
  const name = `${nameIn(stage, what)}-${account}-${region}`.toLowerCase();
  if (name.length <= 63) return name;
  throw new Error(`the bucket ${name} has ${name.length} characters, S3 takes 63: choose a shorter stage`);
}

/** A role's name holds the region, so that a second region can have its own. Throws when IAM takes no such name. */
export function roleName(stage: string, what: string, region: string): string {
  const name = `${nameIn(stage, what)}-${region}`;
  if (name.length <= 64) return name;
  throw new Error(`the role ${name} has ${name.length} characters, IAM takes 64: choose a shorter stage`);
}
