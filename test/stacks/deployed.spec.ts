import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { effectsOf } from "@gonogo/core/release/effects";
import type { Deployed } from "@gonogo/functions/aws-runtime";
import {
  EVIDENCE,
  FUNCTIONS,
  type FunctionName,
  MACHINES,
  RULES,
  SCHEDULE_GROUP,
  SCHEDULES,
  STORE,
} from "@gonogo/functions/deployment";
import { secretsOf, variablesOf } from "@gonogo/functions/entry/needs";
import { SECRETS } from "@gonogo/functions/entry/secrets";
import { readSettings, VARIABLES, type Variable } from "@gonogo/functions/entry/settings";
import { LAMBDAS } from "@gonogo/functions/lambdas/index";
import { definitionOf, deployedOn } from "@gonogo/local/engine/deploy";
import { matches, parsePattern } from "@gonogo/local/events/pattern";
import { type VirtualControlPlane, virtualControlPlane } from "@gonogo/local/simulation/control-plane";
import validate from "asl-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "./collect.ts";
import {
  DECLARED,
  type Graph,
  isLike,
  listed,
  ofType,
  only,
  statementsIn,
  text,
  withoutStage,
} from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked, PLATFORM, ROOT } from "./platform.ts";

const FUNCTION = "aws:lambda/function:Function";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const names = Object.keys(FUNCTIONS) as FunctionName[];

/** What is deployed on AWS, beside deployment.ts and beside what the embedded engine deploys of it. */
describe.skipIf(!isUnpacked)(`what is deployed${HOW_TO_UNPACK}`, () => {
  let graph: Graph;
  let engine: VirtualControlPlane;
  let deployed: Deployed;

  beforeAll(async () => {
    graph = await collect(DECLARED);
    engine = await virtualControlPlane({
      startAt: Date.parse("2026-05-05T10:00:00Z"),
      seed: 1,
      outside: () => ({
        targets: {},
        metrics: {},
        channel: { send: async () => ({ via: "nowhere" }) },
        probe: async () => ({ ok: true, detail: "" }),
      }),
    });
    deployed = deployedOn(engine.engine, engine.engine.aws as never);
  }, 120_000);
  afterAll(() => engine?.stop());

  const ask = async <T>(service: string, operation: string, input: object = {}): Promise<T> =>
    (await engine.engine.kernel.call(service, operation, input)) as T;

  const functionNamed = (name: string) => {
    const found = ofType(graph, FUNCTION).find((one) => text(one, "name") === `gonogo-production-${name}`);
    if (found === undefined) throw new Error(`no function ${name}`);
    return found;
  };

  it("is a program that esbuild bundles, as SST has it do before it runs it", async () => {
    const esbuild = createRequire(`${PLATFORM}/package.json`)("esbuild") as {
      build(options: object): Promise<{ outputFiles: { text: string }[] }>;
    };
    const { outputFiles } = await esbuild.build({
      entryPoints: [`${ROOT}sst.config.ts`],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      external: ["@pulumi/*"],
      logLevel: "error",
    });
    expect(outputFiles[0]?.text).toContain("aws.sfn.StateMachine");
    // SST reads the configuration before its globals are there: nothing may be loaded with it.
    expect(readFileSync(`${ROOT}sst.config.ts`, "utf8")).not.toMatch(/^import /m);
  });

  it("has no two things of one name, which Pulumi would refuse", () => {
    const all = graph.resources.map(({ type, name }) => `${type} ${name}`);
    expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([]);
    expect(all.length).toBeGreaterThan(150);
  });

  describe("functions", () => {
    it("are those of the description, and those of the engine, and no others", async () => {
      const { Functions } = await ask<{ Functions: { FunctionName: string; Timeout: number }[] }>(
        "lambda",
        "ListFunctions",
      );
      const here = ofType(graph, FUNCTION)
        .map((one) => withoutStage(text(one, "name")))
        .sort();
      expect(here).toEqual(names.map((name) => `gonogo-${name}`).sort());
      // The API is an application there, not a function.
      expect(here).toEqual([...Functions.map(({ FunctionName }) => FunctionName), "gonogo-api"].sort());
      expect(Object.keys(LAMBDAS).length).toBe(names.length - 1);
    });

    it.each(names)("%s runs on arm64 and Node 24, as long as it is described to", (name) => {
      expect(functionNamed(name).inputs).toMatchObject({
        architectures: ["arm64"],
        runtime: "nodejs24.x",
        timeout: FUNCTIONS[name].timeoutSeconds,
        description: FUNCTIONS[name].about,
        loggingConfig: { logFormat: "JSON", systemLogLevel: "WARN" },
        handler: "index.handler",
      });
      const id = name.replaceAll(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
      expect(graph.bundles[id]).toMatch(new RegExp(`/packages/functions/dist/${name}$`));
      const entry = `${ROOT}packages/functions/src/entry/${name}.ts`;
      expect(existsSync(entry), entry).toBe(true);
      expect(readFileSync(entry, "utf8")).toMatch(/export const handler\b/);
    });

    it.each(names)(
      "%s is given the variables that it asks for, and they say what the engine's say",
      (name) => {
        const { variables } = functionNamed(name).inputs.environment as { variables: Record<string, string> };
        const wanted = variablesOf(name);
        const own = Object.keys(variables).filter((one) => one.startsWith("GONOGO_"));
        expect(own.sort()).toEqual([...wanted].sort());
        const others = Object.keys(variables).filter((one) => !one.startsWith("GONOGO_"));
        expect(others.sort()).toEqual(["NODE_OPTIONS", "SST_KEY", "SST_KEY_FILE", "SST_RESOURCE_App"]);
        expect(() => readSettings(wanted, variables)).not.toThrow();
        for (const variable of wanted) {
          const value = withoutStage(variables[variable] ?? "");
          expect(value, variable).toBe(onEngine(variable, deployed));
        }
      },
    );

    it("get between them every variable that there is", () => {
      const given = new Set(names.flatMap((name) => variablesOf(name)));
      expect([...given].sort()).toEqual(
        Object.keys(VARIABLES)
          .filter((one) => one !== "AWS_REGION")
          .sort(),
      );
    });

    it("can be given every secret that there is, and none is there until it is set", () => {
      const secrets = ofType(graph, "sst:sst:Secret").map(({ name }) => name);
      expect(new Set(names.flatMap((name) => secretsOf(name)))).toEqual(new Set(Object.keys(SECRETS)));
      expect(secrets.sort()).toEqual(
        [
          "ApiTokens",
          "AppStore",
          "Archives",
          "AuditSigningKey",
          "AuditSigningKeyBefore",
          "Calendars",
          "Channels",
          "GooglePlay",
          "Hooks",
          "Issuers",
          "Probes",
          "Sentry",
        ].sort(),
      );
    });

    it("put away what nobody waited for and could not be done", () => {
      const queue = text(only(graph, "aws:sqs/queue:Queue"), "arn");
      const configs = ofType(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
      const later = [...Object.values(RULES), ...Object.values(SCHEDULES)].map(({ target }) => target);
      const expected = [...new Set<string>([...later, "visit", "stand-by"])].map((name) => `gonogo-${name}`);
      expect(configs.map((one) => withoutStage(text(one, "functionName"))).sort()).toEqual(expected.sort());
      for (const { inputs } of configs) {
        expect(inputs.destinationConfig).toEqual({ onFailure: { destination: queue } });
      }
    });
  });

  describe("rules", () => {
    it("are those of the description with its patterns, and those of the engine", async () => {
      const here = Object.fromEntries(
        ofType(graph, RULE).map((rule) => [
          withoutStage(text(rule, "name")),
          {
            bus: withoutStage(String(rule.inputs.eventBusName ?? "default")),
            pattern: text(rule, "eventPattern"),
          },
        ]),
      );
      const described = Object.fromEntries(
        Object.entries(RULES).map(([name, { bus, pattern }]) => [
          `gonogo-${name}`,
          { bus: bus === "own" ? "gonogo" : "default", pattern: JSON.stringify(pattern) },
        ]),
      );
      expect(here).toEqual(described);
      type Listed = { Rules: { Name: string; EventPattern: string }[] };
      const there = await Promise.all(
        ["default", "gonogo"].map(async (bus) => {
          const { Rules } = await ask<Listed>("events", "ListRules", { EventBusName: bus });
          return Rules.map(({ Name, EventPattern }) => [Name, { bus, pattern: EventPattern }] as const);
        }),
      );
      expect(here).toEqual(Object.fromEntries(there.flat()));
    });

    it.each(Object.keys(RULES))("%s reaches its function, may call it, and loses nothing", (name) => {
      const rule = ofType(graph, RULE).find((one) => text(one, "name") === `gonogo-production-${name}`);
      if (rule === undefined) throw new Error(`no rule ${name}`);
      const targets = ofType(graph, "aws:cloudwatch/eventTarget:EventTarget").filter(
        ({ inputs }) => inputs.rule === rule.inputs.name && inputs.eventBusName === rule.inputs.eventBusName,
      );
      expect(targets).toHaveLength(1);
      const queue = text(only(graph, "aws:sqs/queue:Queue"), "arn");
      const target = functionNamed(RULES[name]?.target ?? "");
      expect(targets[0]?.inputs).toMatchObject({
        arn: target.state.arn,
        deadLetterConfig: { arn: queue },
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
      });
      expect(mayCall("events.amazonaws.com", text(rule, "arn"), text(target, "name"))).toBe(true);
      expect(takesFrom(text(rule, "arn"))).toBe(true);
    });

    it("that a release puts up for itself may call the stand-by, and leave behind what they cannot deliver", () => {
      const base = "arn:aws:events:eu-west-1:123456789012:rule";
      for (const rule of [
        `${base}/gonogo-production-standby-REL-1`,
        `${base}/gonogo-production/gonogo-production-standby-REL-1`,
      ]) {
        expect(mayCall("events.amazonaws.com", rule, "gonogo-production-stand-by"), rule).toBe(true);
        expect(takesFrom(rule), rule).toBe(true);
      }
      const stranger = `${base}/somebody-elses`;
      expect(takesFrom(stranger)).toBe(false);
      for (const name of names) {
        expect(mayCall("events.amazonaws.com", stranger, `gonogo-production-${name}`), name).toBe(false);
      }
    });

    it("match the events they should, and no other", () => {
      const caught = (event: object) =>
        ofType(graph, RULE)
          .filter((rule) => {
            const pattern = parsePattern(text(rule, "eventPattern"));
            if ("message" in pattern) throw new Error(`${rule.name}: ${JSON.stringify(pattern)}`);
            return matches(pattern, event);
          })
          .map((rule) => text(rule, "name").replace("gonogo-production-", ""));
      const state = (value: string) => ({ alarmName: "Api5xx", state: { value } });
      const cloudwatch = { source: "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change" };
      for (const value of ["ALARM", "OK", "INSUFFICIENT_DATA"]) {
        expect(caught({ ...cloudwatch, detail: state(value) })).toEqual(["alarms"]);
      }
      expect(caught({ ...cloudwatch, source: "my.own", detail: state("ALARM") })).toEqual([]);
      expect(caught({ ...cloudwatch, "detail-type": "CloudWatch Alarm Configuration Change" })).toEqual([]);
      const states = { source: "aws.states", "detail-type": "Step Functions Execution Status Change" };
      for (const status of ["FAILED", "TIMED_OUT", "ABORTED"]) {
        expect(caught({ ...states, detail: { status } })).toEqual(["executions"]);
      }
      for (const status of ["RUNNING", "SUCCEEDED"])
        expect(caught({ ...states, detail: { status } })).toEqual([]);
      const health = { source: "aws.health", "detail-type": "AWS Health Event", detail: {} };
      expect(caught(health)).toEqual(["services"]);
      expect(caught({ ...health, "detail-type": "AWS Health Abuse Event" })).toEqual([]);
      const type = "CodeDeploy Deployment State-change Notification";
      expect(caught({ source: "aws.codedeploy", "detail-type": type, detail: {} })).toEqual(["services"]);
      const own = (type: string) => ({ source: "gonogo", "detail-type": type, detail: {} });
      expect(caught(own("SignalArrived"))).toEqual(["signals"]);
      expect(caught({ ...own("SignalArrived"), source: "not.gonogo" })).toEqual([]);
      for (const type of ["ReleaseSubmitted", "RollbackStarted", "ReleasePaused", "ReviewOpened"] as const) {
        expect(effectsOf({ type } as never).length, type).toBeGreaterThan(0);
        expect(caught(own(type)), type).toEqual(["effects"]);
      }
      for (const type of ["StepBegun", "CheckRecorded", "CommandRefused"])
        expect(caught(own(type))).toEqual([]);
    });
  });

  describe("state machines", () => {
    it.each(MACHINES)("%s is the engine's, with this deployment's functions in", (name) => {
      const machine = ofType(graph, "aws:sfn/stateMachine:StateMachine").find(
        (one) => text(one, "name") === `gonogo-production-${name}`,
      );
      if (machine === undefined) throw new Error(`no machine ${name}`);
      const definition = text(machine, "definition");
      expect(withoutStage(definition)).toBe(definitionOf(name));
      expect(definition).not.toContain("${");
      expect(validate(JSON.parse(definition) as object, { checkPaths: true, checkArn: true })).toMatchObject({
        isValid: true,
        errors: [],
      });
      expect(machine.inputs).toMatchObject({
        type: "STANDARD",
        loggingConfiguration: { level: "ERROR", includeExecutionData: false },
        tracingConfiguration: { enabled: true },
      });
    });

    it("are no others than those", () => {
      expect(ofType(graph, "aws:sfn/stateMachine:StateMachine")).toHaveLength(MACHINES.length);
    });
  });

  describe("schedules", () => {
    it("are those of the description, and those of the engine", async () => {
      const here = ofType(graph, "aws:scheduler/schedule:Schedule");
      type Listed = { Schedules: { Name: string }[] };
      const { Schedules } = await ask<Listed>("scheduler", "ListSchedules");
      expect(here.map((one) => withoutStage(text(one, "name"))).sort()).toEqual(
        Schedules.map(({ Name }) => Name).sort(),
      );
      for (const [name, { expression, target }] of Object.entries(SCHEDULES)) {
        const there = await ask<{ ScheduleExpression: string }>("scheduler", "GetSchedule", {
          Name: `gonogo-${name}`,
          GroupName: SCHEDULE_GROUP,
        });
        expect(there.ScheduleExpression).toBe(expression);
        const one = here.find((schedule) => withoutStage(text(schedule, "name")) === `gonogo-${name}`);
        expect(one?.inputs).toMatchObject({
          scheduleExpression: expression,
          target: {
            arn: functionNamed(target).state.arn,
            deadLetterConfig: { arn: text(only(graph, "aws:sqs/queue:Queue"), "arn") },
          },
        });
      }
    });

    it("of releases have a group and a role, by the names that the functions are given", () => {
      const { variables } = functionNamed("visit").inputs.environment as {
        variables: Record<string, string>;
      };
      const group = only(graph, "aws:scheduler/scheduleGroup:ScheduleGroup");
      expect(variables.GONOGO_SCHEDULE_GROUP).toBe(text(group, "name"));
      const role = ofType(graph, "aws:iam/role:Role").find(
        ({ state }) => state.arn === variables.GONOGO_SCHEDULER_ROLE_ARN,
      );
      const trust = statementsIn(role?.inputs.assumeRolePolicy);
      expect(trust).toMatchObject([
        {
          Principal: { Service: "scheduler.amazonaws.com" },
          Condition: { ArnLike: { "aws:SourceArn": [text(group, "arn")] } },
        },
      ]);
    });
  });

  describe("the bucket", () => {
    it("has the name that functions are told, and holds evidence as the engine's does", async () => {
      const bucket = only(graph, "aws:s3/bucket:Bucket", "Evidence");
      const { variables } = functionNamed("effects").inputs.environment as {
        variables: Record<string, string>;
      };
      expect(text(bucket, "bucket")).toBe(variables.GONOGO_EVIDENCE_BUCKET);
      const lock = only(graph, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
      expect(lock.inputs).toMatchObject({ rule: { defaultRetention: EVIDENCE.lock } });
      const there = await ask<{ defaultLock: object }>("s3", "GetObjectLockConfiguration", {
        Bucket: deployed.evidence,
      });
      expect(there.defaultLock).toEqual(EVIDENCE.lock);
    });
  });

  describe("the table", () => {
    it("has the engine's keys and index, and a stream", async () => {
      const table = only(graph, "aws:dynamodb/table:Table");
      interface Key {
        readonly AttributeName: string;
        readonly KeyType: string;
      }
      interface Described {
        readonly KeySchema: Key[];
        readonly GlobalSecondaryIndexes: { IndexName: string; KeySchema: Key[]; Projection: object }[];
        readonly AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
      }
      const { Table } = await ask<{ Table: Described }>("dynamodb", "DescribeTable", {
        TableName: STORE.table,
      });
      const { inputs } = table;
      const keys = (hash: unknown, range: unknown) => [
        { AttributeName: hash, KeyType: "HASH" },
        { AttributeName: range, KeyType: "RANGE" },
      ];
      expect(keys(inputs.hashKey, inputs.rangeKey)).toEqual(Table.KeySchema);
      const indexes = inputs.globalSecondaryIndexes as Record<string, string>[];
      expect(
        indexes.map(({ name, hashKey, rangeKey, projectionType }) => ({
          IndexName: name,
          KeySchema: keys(hashKey, rangeKey),
          Projection: { ProjectionType: projectionType },
        })),
      ).toEqual(
        Table.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
          IndexName,
          KeySchema,
          Projection,
        })),
      );
      const attributes = inputs.attributes as { name: string; type: string }[];
      const sorted = (all: string[]) => all.sort();
      expect(sorted(attributes.map(({ name, type }) => `${name} ${type}`))).toEqual(
        sorted(Table.AttributeDefinitions.map((one) => `${one.AttributeName} ${one.AttributeType}`)),
      );
      expect(inputs).toMatchObject({
        streamEnabled: true,
        streamViewType: "NEW_IMAGE",
        billingMode: "PAY_PER_REQUEST",
      });
    });

    it("can be brought back, cannot be deleted, and forgets counts alone", () => {
      const { inputs } = only(graph, "aws:dynamodb/table:Table");
      expect(inputs).toMatchObject({
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
        deletionProtectionEnabled: true,
        serverSideEncryption: { enabled: true },
      });
      expect(inputs.ttl).toEqual({ attributeName: "expires", enabled: true });
      expect(graph.app).toMatchObject({ name: "gonogo", removal: "retain", protect: true });
    });

    it("and all beside it carry the stage as a tag, by which its costs are found", () => {
      expect(graph.app.providers).toMatchObject({ aws: { defaultTags: { tags: { gonogo: "production" } } } });
      const [budget] = ofType(graph, "aws:budgets/budget:Budget");
      expect(budget?.inputs.costFilters).toEqual([
        { name: "TagKeyValue", values: ["user:gonogo$production"] },
      ]);
    });

    it("hands its records, and only those, to the publisher, in their order and at least once", () => {
      const mapping = only(graph, "aws:lambda/eventSourceMapping:EventSourceMapping");
      const table = only(graph, "aws:dynamodb/table:Table");
      expect(mapping.inputs).toMatchObject({
        eventSourceArn: text(table, "streamArn"),
        functionName: `gonogo-production-${STORE.streamTo}`,
        startingPosition: "TRIM_HORIZON",
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: text(only(graph, "aws:sqs/queue:Queue"), "arn") } },
      });
      const { filters } = mapping.inputs.filterCriteria as { filters: { pattern: string }[] };
      const [filter] = filters.map(({ pattern }) => parsePattern(pattern));
      if (filter === undefined || "message" in filter) throw new Error("the filter is no pattern");
      const item = (eventName: string, sk: string) => ({ eventName, dynamodb: { Keys: { sk: { S: sk } } } });
      expect(matches(filter, item("INSERT", "EVENT#00000001"))).toBe(true);
      expect(matches(filter, item("MODIFY", "EVENT#00000001"))).toBe(false);
      expect(matches(filter, item("INSERT", "STATE"))).toBe(false);
    });
  });

  /** Whether a permission on the function lets a service call it for the thing with that ARN. */
  function mayCall(principal: string, source: string, functionName: string): boolean {
    return ofType(graph, "aws:lambda/permission:Permission").some(
      ({ inputs }) =>
        inputs.principal === principal &&
        inputs.function === functionName &&
        isLike(String(inputs.sourceArn), source),
    );
  }

  /** Whether the dead-letter queue takes in what a rule could not deliver. */
  function takesFrom(rule: string): boolean {
    const [policy] = ofType(graph, "aws:sqs/queuePolicy:QueuePolicy");
    return statementsIn(policy?.inputs.policy).some(
      ({ Effect, Condition }) =>
        Effect === "Allow" &&
        listed(Condition?.ArnLike?.["aws:SourceArn"] ?? []).some((pattern) => isLike(pattern, rule)),
    );
  }
});

/** What the engine's deployment has where a variable leads. The table and the group have no prefix there. */
function onEngine(variable: Variable, deployed: Deployed): string {
  switch (variable) {
    case "AWS_REGION":
      return deployed.aws.region;
    case "GONOGO_TABLE":
      return `gonogo-${deployed.table}`;
    case "GONOGO_EVIDENCE_BUCKET":
      // A bucket of AWS is named after its account and region too.
      return `gonogo-${deployed.evidence}-123456789012-us-east-1`;
    case "GONOGO_BUS":
      return deployed.bus;
    case "GONOGO_ROLLOUT_ARN":
      return deployed.machines.rollout;
    case "GONOGO_ROLLBACK_ARN":
      return deployed.machines.rollback;
    case "GONOGO_SCHEDULE_GROUP":
      return `gonogo-${deployed.scheduleGroup}`;
    case "GONOGO_SCHEDULER_ROLE_ARN":
      // The engine has no roles.
      return "arn:aws:iam::123456789012:role/gonogo-timers-us-east-1";
    case "GONOGO_VISIT_ARN":
      return deployed.visitArn;
    case "GONOGO_STAND_BY_ARN":
      return deployed.standByArn;
    case "GONOGO_DEAD_LETTER_ARN":
      return deployed.deadLetterArn;
    case "GONOGO_ACCOUNTS":
      // The engine stands for every account, and needs no roles.
      return "[]";
    case "GONOGO_AUDIT_KEY":
      return deployed.auditKeyArn;
    case "GONOGO_AUDIT_KEY_BEFORE":
    case "GONOGO_AUDIT_COPIES":
    case "GONOGO_SIGSTORE_ROOT":
      return "none";
    case "GONOGO_TEST_ALARM":
      return deployed.testAlarm;
  }
}
