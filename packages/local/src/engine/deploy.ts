import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AwsConfig } from "@gonogo/adapters/aws/config";
import type { ReleaseStore } from "@gonogo/core/release/ports";
import { awsRuntime, type Deployed, type Outside } from "@gonogo/functions/aws-runtime";
import {
  BUS,
  DEAD_LETTERS,
  EVIDENCE,
  FUNCTIONS,
  type FunctionName,
  MACHINES,
  type MachineName,
  RULES,
  SCHEDULE_GROUP,
  SCHEDULES,
  STORE,
  TEST_ALARM,
} from "@gonogo/functions/deployment";
import { LAMBDAS } from "@gonogo/functions/lambdas/index";
import type { Log, Runtime } from "@gonogo/functions/runtime";
import { createTables } from "../dynamodb/tables.ts";
import { arn } from "../kernel/arn.ts";
import { AwsError } from "../kernel/wire.ts";
import { AUDIT_KEY, AUDIT_KEY_BEFORE } from "../kms/index.ts";
import { throughThisServer } from "../s3/passage.ts";
import { engineClock } from "./clock.ts";
import type { Engine } from "./engine.ts";

export const functionArn = (name: FunctionName) => arn("lambda", `function:gonogo-${name}`);
export const machineArn = (name: MachineName) => arn("states", `stateMachine:gonogo-${name}`);
const testAlarmName = `gonogo-${TEST_ALARM.name}`;
const DEAD_LETTER_ARN = arn("sqs", `gonogo-${DEAD_LETTERS}`);
const ROLE_ARN = "arn:aws:iam::123456789012:role/embedded-engine";

/** The deployment's names on the engine; `dynamodb` is in memory or the emulator. */
export function deployedOn(engine: Engine, dynamodb: AwsConfig): Deployed {
  return {
    aws: engine.aws,
    dynamodb,
    table: STORE.table,
    bus: BUS,
    evidence: EVIDENCE.bucket,
    machines: { rollout: machineArn("rollout"), rollback: machineArn("rollback") },
    scheduleGroup: SCHEDULE_GROUP,
    schedulerRoleArn: ROLE_ARN,
    visitArn: functionArn("visit"),
    standByArn: functionArn("stand-by"),
    deadLetterArn: DEAD_LETTER_ARN,
    // The engine is one account, and stands for every other.
    accounts: () => engine.aws,
    auditKeyArn: arn("kms", AUDIT_KEY),
    auditKeyBefore: () =>
      engine.auditKeys.before() === undefined ? undefined : arn("kms", AUDIT_KEY_BEFORE),
    testAlarm: testAlarmName,
  };
}

/**
 * Deploys what functions/deployment.ts describes, as the stacks do on AWS. Safe to do again at every start.
 * `around` may listen to what is written. `leaveOut` are standing schedules that are not set.
 */
export async function deploy(
  engine: Engine,
  dynamodb: AwsConfig,
  outside: Outside,
  log: Log,
  around: (store: ReleaseStore) => ReleaseStore = (store) => store,
  leaveOut: readonly string[] = [],
): Promise<Runtime> {
  const client = new DynamoDBClient(dynamodb);
  await createTables(client, [
    {
      name: STORE.table,
      partitionKey: STORE.keys.partition,
      sortKey: STORE.keys.sort,
      stream: true,
      ttlAttribute: STORE.expires,
      indexes: [
        {
          name: STORE.index.name,
          partitionKey: STORE.index.partition,
          sortKey: STORE.index.sort,
          projection: "all",
        },
      ],
    },
  ]);
  client.destroy();
  const made = awsRuntime(deployedOn(engine, dynamodb), outside, {
    clock: engineClock(engine.kernel),
    newId: () => engine.kernel.random.uuid(),
    newSalt: () => engine.kernel.random.salt(),
    log,
  });
  const runtime: Runtime = {
    ...made,
    store: around(made.store),
    objects: throughThisServer(made.objects),
  };
  for (const [name, factory] of Object.entries(LAMBDAS)) {
    const { timeoutSeconds } = FUNCTIONS[name as FunctionName];
    const handler = factory(runtime);
    engine.lambda.define(`gonogo-${name}`, {
      code: () => (event) => handler(event),
      timeoutSeconds,
      metrics: "counts",
      onFailure: DEAD_LETTER_ARN,
    });
  }
  await deployBucket(engine);
  await deployMachines(engine);
  await deployRules(engine);
  await deployTestAlarm(engine);
  await deploySchedules(engine, leaveOut);
  return runtime;
}

/** The state machines' definitions, with ARNs in the places that the files leave open. */
export function definitionOf(name: MachineName): string {
  const file = createRequire(import.meta.url).resolve(`@gonogo/functions/workflows/${name}.asl.json`);
  return readFileSync(file, "utf8").replaceAll(/\$\{([a-z-]+)\}/g, (_, which: string) => {
    if (!(which in FUNCTIONS))
      throw new Error(`${name}.asl.json names a function that does not exist: ${which}`);
    return functionArn(which as FunctionName);
  });
}

async function deployBucket({ kernel }: Engine): Promise<void> {
  const { bucket: Bucket, lock } = EVIDENCE;
  await ignoring("BucketAlreadyOwnedByYou", () =>
    kernel.call("s3", "CreateBucket", { Bucket, ObjectLockEnabledForBucket: true }),
  );
  const { mode: Mode, days: Days } = lock;
  await kernel.call("s3", "PutObjectLockConfiguration", { Bucket, Mode, Days });
}

async function deployMachines(engine: Engine): Promise<void> {
  for (const name of MACHINES) {
    const definition = definitionOf(name);
    const machine = { name: `gonogo-${name}`, definition, roleArn: ROLE_ARN, type: "STANDARD" };
    try {
      await engine.kernel.call("states", "CreateStateMachine", machine);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "StateMachineAlreadyExists") throw error;
      await engine.kernel.call("states", "UpdateStateMachine", {
        stateMachineArn: machineArn(name),
        definition,
        roleArn: ROLE_ARN,
      });
    }
  }
}

async function deployRules(engine: Engine): Promise<void> {
  const { kernel } = engine;
  await ignoring("ResourceAlreadyExistsException", () =>
    kernel.call("events", "CreateEventBus", { Name: BUS }),
  );
  for (const [name, { bus, pattern, target }] of Object.entries(RULES)) {
    const rule = { EventBusName: bus === "own" ? BUS : "default" };
    const Name = `gonogo-${name}`;
    await kernel.call("events", "PutRule", {
      ...rule,
      Name,
      EventPattern: JSON.stringify(pattern),
      State: "ENABLED",
    });
    await kernel.call("events", "PutTargets", {
      ...rule,
      Rule: Name,
      Targets: [{ Id: target, Arn: functionArn(target), DeadLetterConfig: { Arn: DEAD_LETTER_ARN } }],
    });
  }
}

async function deployTestAlarm({ kernel }: Engine): Promise<void> {
  await kernel.call("cloudwatch", "PutMetricAlarm", {
    AlarmName: testAlarmName,
    AlarmDescription: TEST_ALARM.about,
    Namespace: TEST_ALARM.namespace,
    MetricName: TEST_ALARM.metric,
    Statistic: "Sum",
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "missing",
  });
}

async function deploySchedules(engine: Engine, leaveOut: readonly string[]): Promise<void> {
  const { kernel } = engine;
  await ignoring("ConflictException", () =>
    kernel.call("scheduler", "CreateScheduleGroup", { Name: SCHEDULE_GROUP }),
  );
  for (const [name, { expression, target }] of Object.entries(SCHEDULES)) {
    if (leaveOut.includes(name)) continue;
    await ignoring("ConflictException", () =>
      kernel.call("scheduler", "CreateSchedule", {
        Name: `gonogo-${name}`,
        GroupName: SCHEDULE_GROUP,
        ScheduleExpression: expression,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: functionArn(target), RoleArn: ROLE_ARN, Input: "{}" },
      }),
    );
  }
}

async function ignoring(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== code) throw error;
  }
}
