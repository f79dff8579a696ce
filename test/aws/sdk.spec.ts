import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetAliasCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  ResourceNotFoundException,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import {
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsAt } from "../support/aws.ts";
import { temporaryDirectory } from "../support/process.ts";
import { Stage } from "../support/stage.ts";

/** AWS's own clients, as anybody has them, against the engine's front over HTTP. */
const ID = "REL-SDK";
const directory = temporaryDirectory();
let stage: Stage;
let aws: ReturnType<typeof awsAt>;

beforeAll(async () => {
  stage = await Stage.open({ directory: directory.path, speed: 300 });
  aws = awsAt(stage.process.awsAddress);
  await stage.submit({ id: ID });
  await stage.until(ID, (records) => records.some(({ event }) => event.type === "PhasePassed"));
  // From here on hardly anything happens: the release stands in its second phase.
  await stage.as("release-manager").turn({ speed: 1 });
});

afterAll(async () => {
  await stage.process.end();
  directory[Symbol.dispose]();
});

describe("Step Functions", () => {
  it("lists the machines, and describes them", async () => {
    const client = new SFNClient(aws);
    const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines.map(({ name }) => name).toSorted()).toEqual(["gonogo-rollback", "gonogo-rollout"]);
    const [machine] = stateMachines;
    const stateMachineArn = machine?.stateMachineArn;
    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(JSON.parse(described.definition ?? "")).toHaveProperty("StartAt");
    expect(described.creationDate).toBeInstanceOf(Date);
  });

  it("lists the release's execution and reads its history to the end, in order", async () => {
    const client = new SFNClient(aws);
    const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
    const stateMachineArn = stateMachines.find(({ name }) => name === "gonogo-rollout")?.stateMachineArn;
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    const own = executions.filter(({ name }) => name?.includes(ID));
    expect(own).toHaveLength(1);
    const executionArn = own[0]?.executionArn;
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: "RUNNING", executionArn });
    expect(described.input).toContain(ID);
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 7, ...(nextToken ? { nextToken } : {}) }),
      );
      expect(page.events?.length).toBeLessThanOrEqual(7);
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe("ExecutionStarted");
    const times = events.map(({ timestamp }) => timestamp?.getTime() ?? Number.NaN);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    // A person reads these names at three in the morning.
    const names = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    expect(names.length).toBeGreaterThan(3);
    expect(names.every((name) => /^[A-Z].* |^[A-Z][a-z]+/.test(name))).toBe(true);
    const newest = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
    );
    expect(newest.events?.[0]?.id).toBeGreaterThanOrEqual(events.length);
  });

  it("says what is not there by AWS's own name for it", async () => {
    const client = new SFNClient(aws);
    const executionArn = "arn:aws:states:us-east-1:123456789012:execution:gonogo-rollout:nothing";
    await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: "ExecutionDoesNotExist",
    });
  });
});

describe("CloudWatch", () => {
  it("describes the alarm, and gives the traffic's metrics", async () => {
    const client = new CloudWatchClient(aws);
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["Orders5xx"] }));
    expect(MetricAlarms).toHaveLength(1);
    expect(MetricAlarms[0]).toMatchObject({ AlarmName: "Orders5xx", StateValue: "OK", Threshold: 3 });
    expect(MetricAlarms[0]?.StateUpdatedTimestamp).toBeInstanceOf(Date);
    const { now } = await stage.as("qa").demo();
    const Metric = {
      Namespace: "AWS/Lambda",
      MetricName: "Invocations",
      Dimensions: [{ Name: "FunctionName", Value: "orders-api" }],
    };
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(Date.parse(now) - 600_000),
        EndTime: new Date(now),
        MetricDataQueries: [{ Id: "n", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
      }),
    );
    expect(Math.max(...(MetricDataResults[0]?.Values ?? []))).toBeGreaterThan(100);
  });
});

describe("Lambda", () => {
  it("gives the alias where the release has put it, and its versions", async () => {
    const client = new LambdaClient(aws);
    const alias = await client.send(new GetAliasCommand({ FunctionName: "orders-api", Name: "live" }));
    expect(["41", "42"]).toContain(alias.FunctionVersion);
    expect(alias.RevisionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(alias.AliasArn).toBe("arn:aws:lambda:us-east-1:123456789012:function:orders-api:live");
    const listed = await client.send(new ListVersionsByFunctionCommand({ FunctionName: "orders-api" }));
    expect(listed.Versions?.map(({ Version }) => Version)).toContain("$LATEST");
  });

  it("refuses what AWS refuses, by the same names", async () => {
    const client = new LambdaClient(aws);
    const alias = { FunctionName: "orders-api", Name: "live" };
    await expect(client.send(new GetAliasCommand({ ...alias, Name: "dead" }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    const RevisionId = "00000000-0000-4000-8000-000000000000";
    await expect(client.send(new UpdateAliasCommand({ ...alias, RevisionId }))).rejects.toMatchObject({
      name: "PreconditionFailedException",
    });
  });
});

describe("EventBridge", () => {
  it("lists the buses, the rules and where they lead", async () => {
    const client = new EventBridgeClient(aws);
    const { EventBuses = [] } = await client.send(new ListEventBusesCommand({}));
    expect(EventBuses.map(({ Name }) => Name).toSorted()).toEqual(["default", "gonogo"]);
    const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: "default" }));
    const alarms = Rules.find(({ Name }) => Name === "gonogo-alarms");
    expect(JSON.parse(alarms?.EventPattern ?? "{}")).toMatchObject({ source: ["aws.cloudwatch"] });
    const { Targets = [] } = await client.send(
      new ListTargetsByRuleCommand({ Rule: "gonogo-alarms", EventBusName: "default" }),
    );
    expect(Targets.map(({ Arn }) => Arn)).toEqual([
      "arn:aws:lambda:us-east-1:123456789012:function:gonogo-alarm",
    ]);
  });
});

describe("Scheduler", () => {
  it("lists the sweep and the release's next visit", async () => {
    const client = new SchedulerClient(aws);
    const { ScheduleGroups = [] } = await client.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups.map(({ Name }) => Name).toSorted()).toEqual(["default", "releases"]);
    const names = async () =>
      ((await client.send(new ListSchedulesCommand({}))).Schedules ?? []).map(({ Name }) => Name);
    expect(await names()).toContain("gonogo-sweep");
    // A visit that has just been made is set anew a moment later.
    await expect.poll(names).toContainEqual(expect.stringContaining(ID));
    const sweep = await client.send(new GetScheduleCommand({ Name: "gonogo-sweep", GroupName: "releases" }));
    expect(sweep).toMatchObject({ ScheduleExpression: "rate(5 minutes)", State: "ENABLED" });
  });
});

describe("what the engine does not serve", () => {
  it("it refuses by name, and never pretends", async () => {
    const answer = await fetch(aws.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "AmazonS3.ListBuckets", "content-type": "application/x-amz-json-1.1" },
      body: "{}",
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("does not serve AmazonS3.ListBuckets");
  });
});
