import { MACHINES } from "@gonogo/functions/deployment";
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
