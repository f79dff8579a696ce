import type { Accounts } from "@gonogo/adapters/aws/accounts";
import type { AwsConfig } from "@gonogo/adapters/aws/config";
import { BackupCheck } from "@gonogo/adapters/aws-backup/index";
import { CloudWatchAlarms } from "@gonogo/adapters/cloudwatch/alarms";
import { CloudWatchMetrics } from "@gonogo/adapters/cloudwatch/metrics";
import { CloudWatchTestAlarm } from "@gonogo/adapters/cloudwatch/test-alarm";
import { DoctorFunction } from "@gonogo/adapters/deployment/doctor";
import { AwsInspector } from "@gonogo/adapters/deployment/inspector";
import { DynamoAnchorStore } from "@gonogo/adapters/dynamodb/anchor-store";
import { DynamoGuard } from "@gonogo/adapters/dynamodb/guard";
import { DynamoReleaseStore } from "@gonogo/adapters/dynamodb/store";
import { EventBridgeBus } from "@gonogo/adapters/eventbridge/bus";
import { EventBridgeStandBy } from "@gonogo/adapters/eventbridge/stand-by";
import { type HistoryConfig, RehearsalCheck, StagingCheck } from "@gonogo/adapters/history/index";
import { KmsSigner } from "@gonogo/adapters/kms/index";
import { LambdaCode } from "@gonogo/adapters/lambda-alias/code";
import { LambdaAliasTarget } from "@gonogo/adapters/lambda-alias/index";
import { S3Copies } from "@gonogo/adapters/s3/copies";
import { type Elsewhere, S3Elsewhere } from "@gonogo/adapters/s3/elsewhere";
import { S3Objects } from "@gonogo/adapters/s3/index";
import { SchedulerTimers } from "@gonogo/adapters/scheduler/index";
import { type MachineArns, StepFunctionsMachines } from "@gonogo/adapters/step-functions/index";
import type { TargetAdapters } from "@gonogo/adapters/targets";
import { NO_SHELVES } from "@gonogo/core/archive/port";
import type { CheckProbe } from "@gonogo/core/check/port";
import { toMillis } from "@gonogo/core/kit/instant";
import type { Channel } from "@gonogo/core/message/port";
import { type Checks, ChecksByKind } from "./checks-by-kind.ts";
import { besideVisit, whereabouts } from "./doctor/whereabouts.ts";
import { CHECKPOINTS, NOWHERE } from "./events/copies.ts";
import { feedsFrom } from "./feeds.ts";
import { MetricsBySource, type Readers } from "./metrics-by-source.ts";
import type { Base, Runtime } from "./runtime.ts";

/** Where the pieces of a deployment are. */
export interface Deployed {
  readonly aws: AwsConfig;
  /** DynamoDB apart from the rest: it fails fast, and locally it is another endpoint. */
  readonly dynamodb: AwsConfig;
  readonly table: string;
  readonly bus: string;
  readonly evidence: string;
  readonly machines: MachineArns;
  readonly scheduleGroup: string;
  readonly schedulerRoleArn: string;
  readonly visitArn: string;
  readonly standByArn: string;
  readonly deadLetterArn: string;
  /** How accounts other than its own are reached. */
  readonly accounts?: Accounts;
  /** The key that the audit log is signed with, or its alias. */
  readonly auditKeyArn: string;
  /** The one that signed before it, while the log is handed over. Asked for each time, and so is the key itself then. */
  readonly auditKeyBefore?: () => string | undefined;
  /** The alarm that tests ring, by its name. */
  readonly testAlarm: string;
  /** The bucket of another account into which checkpoints are copied. */
  readonly elsewhere?: Elsewhere;
}

/** Systems besides AWS, as far as this deployment is set up for them. */
export interface Outside {
  readonly targets: TargetAdapters;
  readonly metrics: Readers;
  readonly channel: Channel;
  /** Unset: none is fetched. */
  readonly feeds?: Runtime["feeds"];
  /** Unset: archives are in the evidence bucket alone. */
  readonly shelves?: Runtime["shelves"];
  /** Unset: nothing that was signed without a key is believed. */
  readonly trust?: Runtime["trust"];
  readonly probe: Runtime["probe"];
  /** Besides what gonogo knows out of its own log and of its targets. */
  readonly checks?: Checks | CheckProbe;
}

/** Everything the functions need, on AWS's own APIs: the same on Lambda and on the embedded engine. */
export function awsRuntime(deployed: Deployed, outside: Outside, base: Base): Runtime {
  const { aws } = deployed;
  const cloudwatch = new CloudWatchMetrics(aws);
  const store = new DynamoReleaseStore(deployed.dynamodb, deployed.table);
  const code = new LambdaCode(aws, deployed.accounts);
  const codeOf: HistoryConfig["codeOf"] = (target, version) => code.digestOf(target, version);
  const { auditKeyBefore } = deployed;
  // Where its alias can be led to another key while this process runs, it is asked for each time.
  const signer = new KmsSigner(aws, deployed.auditKeyArn, { remembers: auditKeyBefore === undefined });
  const signerBefore = async () => {
    const named = auditKeyBefore?.();
    return named === undefined ? undefined : new KmsSigner(aws, named, { remembers: false });
  };
  const now = () => base.clock.now();
  const elsewhere =
    deployed.elsewhere === undefined ? NOWHERE : new S3Elsewhere(aws, deployed.elsewhere, now);
  return {
    ...base,
    store,
    machines: new StepFunctionsMachines(aws, deployed.machines),
    timers: new SchedulerTimers(aws, {
      group: deployed.scheduleGroup,
      functionArn: deployed.visitArn,
      roleArn: deployed.schedulerRoleArn,
      deadLetterArn: deployed.deadLetterArn,
    }),
    standBy: new EventBridgeStandBy(aws, {
      bus: deployed.bus,
      functionArn: deployed.standByArn,
      deadLetterArn: deployed.deadLetterArn,
    }),
    bus: new EventBridgeBus(aws, deployed.bus),
    targets: { "lambda-alias": new LambdaAliasTarget(aws, deployed.accounts), ...outside.targets },
    metrics: new MetricsBySource({ cloudwatch, "cloudwatch-alarm": cloudwatch, ...outside.metrics }),
    alarms: new CloudWatchAlarms(aws, () => base.clock.now()),
    testAlarm: new CloudWatchTestAlarm(aws, deployed.testAlarm),
    channel: outside.channel,
    feeds: outside.feeds ?? feedsFrom([], base.clock),
    objects: new S3Objects(aws, { bucket: deployed.evidence, now: () => base.clock.now() }),
    shelves: outside.shelves ?? NO_SHELVES,
    trust: outside.trust ?? { look: async () => undefined },
    copies: new S3Copies(aws, { bucket: deployed.evidence, prefix: CHECKPOINTS }),
    elsewhere,
    whereElse: elsewhere.where,
    probe: outside.probe,
    inspector: new AwsInspector(aws, deployed.dynamodb, whereabouts(deployed), () =>
      toMillis(base.clock.now()),
    ),
    doctor: new DoctorFunction(aws, besideVisit(deployed.visitArn, "doctor")),
    anchors: new DynamoAnchorStore(deployed.dynamodb, deployed.table),
    guard: new DynamoGuard(deployed.dynamodb, deployed.table),
    signer,
    trustedKey: signer,
    signerBefore,
    trustedKeyBefore: signerBefore,
    checks: checksOf(outside.checks, { store, codeOf }, aws),
  };
}

function checksOf(given: Outside["checks"] = {}, history: HistoryConfig, aws: AwsConfig): CheckProbe {
  if ("look" in given) return given;
  return new ChecksByKind({
    staging: new StagingCheck(history),
    rehearsal: new RehearsalCheck(history),
    backup: new BackupCheck(aws),
    ...given,
  });
}
