import { type FunctionName, MACHINES } from "@gonogo/functions/deployment";
import { CHECKPOINTS } from "@gonogo/functions/events/copies";
import type { Addresses } from "./names.ts";
import { type Granted, rolesOf } from "./targets.ts";

/** One thing that a role may do: always allowed, never denied, and nothing else. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Actions for which AWS knows nothing narrower than every resource, and why. No other may be granted on `*`. */
export const ON_EVERYTHING: Readonly<Record<string, string>> = {
  "cloudwatch:GetMetricData": "metrics are no resources of IAM",
  "lambda:GetAccountSettings": "the limits are the account's, not a function's",
  "lambda:ListEventSourceMappings": "a list is of all mappings; IAM names none of them",
  "cloudwatch:DescribeAlarms": "with anything narrower CloudWatch leaves composite alarms out of its answer",
  "backup:ListRecoveryPointsByResource":
    "AWS Backup lists what a resource has by its ARN, and IAM knows none of it",
  "tag:GetResources": "a list is of whatever carries the tags; IAM names none of it",
  "xray:PutTraceSegments": "traces are no resources of IAM",
  "xray:PutTelemetryRecords": "traces are no resources of IAM",
  "xray:GetSamplingRules": "sampling is the account's, not a resource's",
  "xray:GetSamplingTargets": "sampling is the account's, not a resource's",
  "logs:CreateLogDelivery": "log deliveries are no resources of IAM",
  "logs:GetLogDelivery": "log deliveries are no resources of IAM",
  "logs:UpdateLogDelivery": "log deliveries are no resources of IAM",
  "logs:DeleteLogDelivery": "log deliveries are no resources of IAM",
  "logs:ListLogDeliveries": "log deliveries are no resources of IAM",
  "logs:PutResourcePolicy": "the log service's own policies are the account's",
  "logs:DescribeResourcePolicies": "the log service's own policies are the account's",
  "logs:DescribeLogGroups": "a list is of all groups",
};

type Ability = (at: Addresses, declared: Granted) => Statement[];

const onTable =
  (...actions: string[]): Ability =>
  ({ table }) => [{ actions: actions.map((one) => `dynamodb:${one}`), resources: [table] }];

/** On the functions that are declared as targets, and on no others. For aliases too IAM knows the function only. */
const onTargets =
  (...actions: string[]): Ability =>
  ({ partition, region, account }, { targets }) => {
    const own = targets
      .filter((target) => target.account === undefined)
      .map(
        (target) =>
          `arn:${partition}:lambda:${target.region ?? region}:${account}:function:${target.function}`,
      );
    const roles = rolesOf(targets, partition).map(({ role }) => role);
    return [
      { actions: actions.map((one) => `lambda:${one}`), resources: [...new Set(own)].sort() },
      // What may be done there, that account's role says.
      { actions: ["sts:AssumeRole"], resources: roles.sort() },
    ].filter(({ resources }) => resources.length > 0);
  };

/**
 * On the key that signs the log, and on the one before while it is handed over, where they are in KMS: one that is a
 * secret is asked of nobody.
 */
const onAuditKey =
  (...actions: string[]): Ability =>
  ({ auditKeyIn }, declared) => {
    const kinds = [declared.auditKey, declared.auditKeyBefore ?? "secret"];
    const resources = kinds.filter((kind) => kind !== "secret").map(auditKeyIn);
    return resources.length > 0 ? [{ actions: actions.map((one) => `kms:${one}`), resources }] : [];
  };

/** What code can do that asks AWS for something, each by a name. */
export const ABILITIES = {
  "read a release": onTable("GetItem"),
  "keep a wait": onTable("PutItem"),
  "forget a wait": onTable("DeleteItem"),
  /** A command, from the load to the follow-up: see functions/execute.ts. */
  "write a release": onTable("GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "Query"),
  "start machines": (at) => [
    { actions: ["states:StartExecution"], resources: [at.machine("rollout"), at.machine("rollback")] },
    {
      actions: ["states:DescribeExecution"],
      resources: [at.executions("rollout"), at.executions("rollback")],
    },
  ],
  "start rollbacks": (at) => [
    { actions: ["states:StartExecution"], resources: [at.machine("rollback")] },
    { actions: ["states:DescribeExecution"], resources: [at.executions("rollback")] },
  ],
  "wake machines": (at) => [
    { actions: ["states:SendTaskSuccess"], resources: [at.machine("rollout"), at.machine("rollback")] },
  ],
  "set the next visit": (at) => [
    {
      actions: ["scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"],
      resources: [at.releaseSchedules],
    },
    { actions: ["iam:PassRole"], resources: [at.schedulerRole] },
  ],
  "see the next visit": (at) => [{ actions: ["scheduler:GetSchedule"], resources: [at.releaseSchedules] }],
  "put the stand-by up": (at) => [
    { actions: ["events:PutRule", "events:PutTargets"], resources: at.standByRules },
  ],
  "take the stand-by down": (at) => [
    { actions: ["events:RemoveTargets", "events:DeleteRule"], resources: at.standByRules },
  ],
  "list releases": ({ index }) => [{ actions: ["dynamodb:Query"], resources: [index] }],
  "read names": onTable("BatchGetItem"),
  "put events on the bus": ({ bus }) => [{ actions: ["events:PutEvents"], resources: [bus] }],
  /** Files of releases: taken in and given out by presigned requests, which have the rights of who signed them. */
  "keep files": ({ evidence }) => [
    { actions: ["s3:GetObject", "s3:PutObject"], resources: [`${evidence}/releases/*`] },
    // Without it S3 says 403 where nothing is.
    { actions: ["s3:ListBucket"], resources: [evidence] },
  ],
  "read alarms": () => [{ actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] }],
  "ring the test alarm": (at) => [{ actions: ["cloudwatch:SetAlarmState"], resources: [at.testAlarm] }],
  "see backups": (_, { backups }) =>
    backups ? [{ actions: ["backup:ListRecoveryPointsByResource"], resources: ["*"] }] : [],
  "find tagged alarms": () => [{ actions: ["tag:GetResources"], resources: ["*"] }],
  "read metrics": () => [
    { actions: ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"], resources: ["*"] },
  ],
  /** What `newest` stands for is settled when a plan is submitted; after that versions are known. */
  "ask the doctor": (at) => [{ actions: ["lambda:InvokeFunction"], resources: [at.function("doctor")] }],
  "look the deployment over": (at) => [
    { actions: ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups"], resources: [at.table] },
    { actions: ["lambda:GetFunctionConfiguration"], resources: at.functions() },
    { actions: ["lambda:ListEventSourceMappings"], resources: ["*"] },
    { actions: ["events:DescribeRule"], resources: [...at.rules(), ...at.standByRules] },
    { actions: ["events:ListTargetsByRule"], resources: at.rules() },
    { actions: ["states:DescribeStateMachine"], resources: MACHINES.map(at.machine) },
    { actions: ["scheduler:GetSchedule"], resources: [at.standingSchedules] },
    { actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
  ],
  "settle versions": onTargets("GetAlias", "GetFunctionConfiguration", "ListVersionsByFunction"),
  /** That the pinned version is still there, and can share an alias with the one before. */
  "see versions": onTargets("GetAlias", "GetFunctionConfiguration"),
  /** What the account and the function may use at once: IAM grants the first for the account or not at all. */
  "see quotas": (at, declared) => {
    const own = onTargets("GetFunctionConcurrency")(at, declared);
    return declared.targets.some(({ account }) => account === undefined)
      ? [...own, { actions: ["lambda:GetAccountSettings"], resources: ["*"] }]
      : own;
  },
  "read targets": onTargets("GetAlias"),
  "move targets": onTargets("GetAlias", "UpdateAlias"),
  /** The log over all releases: see functions/events/checkpoint.ts. */
  "keep the log": onTable("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
  "copy what was signed": ({ evidence }) => [
    { actions: ["s3:PutObject"], resources: [`${evidence}/${CHECKPOINTS}*`] },
  ],
  /** Written and locked, and neither read nor listed. That account's bucket has to let this role. */
  "copy to another account": ({ copiesIn }, { auditCopies }) =>
    auditCopies === undefined
      ? []
      : [
          {
            actions: ["s3:PutObject", "s3:PutObjectRetention"],
            resources: [`${copiesIn(auditCopies.bucket)}/${CHECKPOINTS}*`],
          },
        ],
  /** Nothing narrower is known to IAM: the list is of names and digests, and not of what is in them. */
  "see what was copied": ({ evidence }) => [{ actions: ["s3:ListBucketVersions"], resources: [evidence] }],
  "read the log": onTable("GetItem", "Query"),
  "remember what was verified": onTable("PutItem"),
  "know the audit's key": onAuditKey("GetPublicKey"),
  "sign the log": onAuditKey("Sign", "GetPublicKey"),
  /** What staging had, by gonogo's own log, and whether two functions' versions are the same code. */
  "look back": (at, declared) => [
    { actions: ["dynamodb:Query"], resources: [at.index] },
    ...onTargets("GetFunctionConfiguration")(at, declared),
  ],
} as const satisfies Record<string, Ability>;

export type AbilityName = keyof typeof ABILITIES;

/**
 * Code that several functions share, and that is granted to each of them as a whole: which of its calls are
 * made depends on what core decides, not on who asks.
 */
export const SHARED = {
  /** The one path: whoever writes to a release starts and wakes its machines, and sets its next visit. */
  command: [
    "write a release",
    "start machines",
    "wake machines",
    "set the next visit",
    "take the stand-by down",
  ],
  /** Looks at everything, and does what was asked for and never done: the start, and shifts, included. */
  visit: [
    "read alarms",
    "find tagged alarms",
    "read metrics",
    "see versions",
    "see quotas",
    "move targets",
    "put the stand-by up",
    "look back",
    "see backups",
  ],
} as const satisfies Record<string, readonly AbilityName[]>;

export type SharedName = keyof typeof SHARED;

/** What the code of each function can do. A test records what it really does, and compares both ways. */
export const RIGHTS: Readonly<
  Record<FunctionName, { readonly shared?: readonly SharedName[]; readonly own?: readonly AbilityName[] }>
> = {
  api: {
    shared: ["command"],
    own: [
      "list releases",
      "read names",
      "put events on the bus",
      "read metrics",
      "settle versions",
      "ask the doctor",
      "keep files",
    ],
  },
  alarm: { shared: ["command"] },
  service: { own: ["put events on the bus"] },
  signal: { shared: ["command"] },
  "stand-by": { own: ["read a release", "start rollbacks"] },
  publish: { own: ["put events on the bus"] },
  effects: {
    shared: ["command"],
    own: ["list releases", "keep files", "read alarms", "ring the test alarm", "move targets"],
  },
  visit: { shared: ["command", "visit"] },
  sweep: { shared: ["command", "visit"], own: ["list releases", "see the next visit"] },
  audit: {
    own: [
      "read the log",
      "see what was copied",
      "remember what was verified",
      "list releases",
      "know the audit's key",
    ],
  },
  checkpoint: {
    own: [
      "keep the log",
      "sign the log",
      "see what was copied",
      "copy what was signed",
      "copy to another account",
    ],
  },
  revive: { shared: ["command", "visit"] },
  doctor: {
    own: [
      "look the deployment over",
      "list releases",
      "read a release",
      "see the next visit",
      "read alarms",
      "find tagged alarms",
      "see versions",
    ],
  },
  next: { own: ["read a release"] },
  park: { own: ["read a release", "keep a wait", "forget a wait", "wake machines"] },
  start: {
    shared: ["command"],
    own: [
      "put the stand-by up",
      "read alarms",
      "find tagged alarms",
      "read metrics",
      "see versions",
      "see quotas",
      "see backups",
      "look back",
    ],
  },
  begin: { shared: ["command"] },
  check: { shared: ["command"], own: ["read metrics"] },
  probe: { shared: ["command"] },
  shift: { shared: ["command"], own: ["read alarms", "move targets"] },
  "what-goes-back": { own: ["read a release"] },
  "put-back": { shared: ["command"], own: ["move targets"] },
  "record-failure": { shared: ["command"] },
  verify: { shared: ["command"], own: ["read targets"] },
  "put-back-alone": { own: ["move targets"] },
  "record-alone": { shared: ["command"] },
};

export function abilitiesOf(name: FunctionName): AbilityName[] {
  const { shared = [], own = [] } = RIGHTS[name];
  return [...shared.flatMap((one): readonly AbilityName[] => SHARED[one]), ...own];
}

/** The calls that the code of a function makes. */
export function callsOf(name: FunctionName, at: Addresses, declared: Granted): Statement[] {
  return merged(abilitiesOf(name).flatMap((ability) => ABILITIES[ability](at, declared)));
}

/** What Lambda does in a function's name: it writes its log, reads its stream, and puts away what failed. */
export function serviceOf(
  name: FunctionName,
  at: Addresses,
  how: { readonly isLater: boolean; readonly readsStream: boolean },
): Statement[] {
  return [
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [at.logs(name)] },
    ...(how.isLater || how.readsStream
      ? [{ actions: ["sqs:SendMessage"], resources: [at.deadLetters] }]
      : []),
    ...(how.readsStream
      ? [
          {
            actions: [
              "dynamodb:DescribeStream",
              "dynamodb:GetRecords",
              "dynamodb:GetShardIterator",
              "dynamodb:ListStreams",
            ],
            resources: [at.streams],
          },
        ]
      : []),
  ];
}

/** Of a state machine: its tasks, its log, its traces. */
export function machineStatements(functions: readonly string[]): Statement[] {
  const about = (service: string) =>
    Object.keys(ON_EVERYTHING).filter((action) => action.startsWith(`${service}:`));
  return [
    { actions: ["lambda:InvokeFunction"], resources: functions },
    { actions: [...about("xray"), ...about("logs")], resources: ["*"] },
  ];
}

/** Of a schedule: its function, and where a delivery ends that could not be made. */
export function scheduleStatements(at: Addresses, target: FunctionName): Statement[] {
  return [
    { actions: ["lambda:InvokeFunction"], resources: [at.function(target)] },
    { actions: ["sqs:SendMessage"], resources: [at.deadLetters] },
  ];
}

/** One statement for each set of resources; no action twice. */
function merged(statements: readonly Statement[]): Statement[] {
  const byResources = new Map<string, { actions: Set<string>; resources: readonly string[] }>();
  for (const { actions, resources } of statements) {
    const key = resources.join(" ");
    const known = byResources.get(key) ?? { actions: new Set<string>(), resources };
    for (const action of actions) known.actions.add(action);
    byResources.set(key, known);
  }
  return [...byResources.values()].map(({ actions, resources }) => ({
    actions: [...actions].sort(),
    resources,
  }));
}

/**
 * The one grant of every action: the account's own administrators may do with the topic's key what they will.
 * Without it nobody could ever change the key's policy again, AWS included.
 */
export const KEY_OWNERS = {
  Sid: "AccountOwns",
  Effect: "Allow",
  Action: "kms:*",
  Resource: "*",
} as const;
