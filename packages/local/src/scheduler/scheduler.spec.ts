import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from "@aws-sdk/client-scheduler";
import { beforeEach, describe, expect, it } from "vitest";
import { createScheduler } from "./index.ts";
import { HOUR, inProcess, NOON, recordingDeadLetters, recordingDelivery, virtualKernel } from "./testing.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:tick";
const role = "arn:aws:iam::123456789012:role/scheduler";

const daily: CreateScheduleCommandInput = {
  Name: "daily",
  ScheduleExpression: "cron(0 9 * * ? *)",
  ScheduleExpressionTimezone: "Europe/Berlin",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: lambda, RoleArn: role, Input: '{"job":"report"}' },
};

let client: SchedulerClient;

beforeEach(() => {
  const { kernel, clock } = virtualKernel();
  const { port } = recordingDelivery(() => clock.now());
  kernel.register(
    createScheduler(kernel, { delivery: port, deadLetters: recordingDeadLetters().port }).service,
  );
  client = new SchedulerClient(inProcess(kernel));
});

async function refusal(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    return error as Error & { $metadata?: { httpStatusCode?: number } };
  }
  throw new Error("was accepted");
}

describe("schedules over the wire", () => {
  it("creates, reads, changes, lists and deletes one", async () => {
    const created = await client.send(
      new CreateScheduleCommand({ ...daily, StartDate: new Date(NOON + HOUR), Description: "the morning's" }),
    );
    expect(created.ScheduleArn).toBe("arn:aws:scheduler:us-east-1:123456789012:schedule/default/daily");

    const { $metadata: _, ...read } = await client.send(new GetScheduleCommand({ Name: "daily" }));
    expect(read).toEqual({
      Arn: created.ScheduleArn,
      Name: "daily",
      GroupName: "default",
      State: "ENABLED",
      ScheduleExpression: "cron(0 9 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      StartDate: new Date(NOON + HOUR),
      Description: "the morning's",
      CreationDate: new Date(NOON),
      LastModificationDate: new Date(NOON),
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "NONE",
      Target: {
        Arn: lambda,
        RoleArn: role,
        Input: '{"job":"report"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });

    await client.send(
      new UpdateScheduleCommand({ ...daily, State: "DISABLED", ActionAfterCompletion: "DELETE" }),
    );
    const changed = await client.send(new GetScheduleCommand({ Name: "daily" }));
    expect(changed).toMatchObject({ State: "DISABLED", ActionAfterCompletion: "DELETE" });
    // An update replaces: what it does not mention is gone.
    expect(changed.Description).toBeUndefined();
    expect(changed.StartDate).toBeUndefined();

    const listed = await client.send(new ListSchedulesCommand({ State: "DISABLED", GroupName: "default" }));
    expect(listed.Schedules?.map(({ Name, Target }) => [Name, Target])).toEqual([["daily", { Arn: lambda }]]);

    await client.send(new DeleteScheduleCommand({ Name: "daily" }));
    expect(await refusal(client.send(new GetScheduleCommand({ Name: "daily" })))).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule daily does not exist.",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it("lists page by page, by group and by prefix", async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: "night" }));
    for (const Name of ["b-2", "a-1", "b-1"])
      await client.send(new CreateScheduleCommand({ ...daily, Name }));
    await client.send(new CreateScheduleCommand({ ...daily, Name: "b-3", GroupName: "night" }));
    const first = await client.send(new ListSchedulesCommand({ NamePrefix: "b", MaxResults: 2 }));
    const second = await client.send(
      new ListSchedulesCommand({ NamePrefix: "b", MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(first.Schedules?.map((one) => one.Name)).toEqual(["b-1", "b-2"]);
    expect(second.Schedules?.map((one) => one.Name)).toEqual(["b-3"]);
    expect(second.NextToken).toBeUndefined();
    const night = await client.send(new ListSchedulesCommand({ GroupName: "night" }));
    expect(night.Schedules?.map((one) => one.Name)).toEqual(["b-3"]);
  });

  it("is idempotent by ClientToken", async () => {
    const once = await client.send(new CreateScheduleCommand({ ...daily, ClientToken: "t-1" }));
    const again = await client.send(new CreateScheduleCommand({ ...daily, ClientToken: "t-1" }));
    expect(again.ScheduleArn).toBe(once.ScheduleArn);
    const other = await refusal(
      client.send(new CreateScheduleCommand({ ...daily, Name: "other", ClientToken: "t-1" })),
    );
    expect(other).toBeInstanceOf(ConflictException);
    const second = await refusal(client.send(new CreateScheduleCommand({ ...daily, ClientToken: "t-2" })));
    expect(second).toMatchObject({
      message: "Schedule daily already exists.",
      $metadata: { httpStatusCode: 409 },
    });
    await client.send(new DeleteScheduleCommand({ Name: "daily", ClientToken: "t-3" }));
    await client.send(new DeleteScheduleCommand({ Name: "daily", ClientToken: "t-3" }));
    expect(
      await refusal(client.send(new DeleteScheduleCommand({ Name: "daily", ClientToken: "t-4" }))),
    ).toBeInstanceOf(ResourceNotFoundException);
  });

  it("keeps groups, and deletes a group with its schedules", async () => {
    const { ScheduleGroupArn } = await client.send(new CreateScheduleGroupCommand({ Name: "night" }));
    expect(ScheduleGroupArn).toBe("arn:aws:scheduler:us-east-1:123456789012:schedule-group/night");
    await client.send(new CreateScheduleCommand({ ...daily, GroupName: "night" }));
    const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups?.map(({ Name, State }) => [Name, State])).toEqual([
      ["default", "ACTIVE"],
      ["night", "ACTIVE"],
    ]);
    expect(await client.send(new GetScheduleGroupCommand({ Name: "night" }))).toMatchObject({
      Arn: ScheduleGroupArn,
    });
    await client.send(new DeleteScheduleGroupCommand({ Name: "night" }));
    expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
    expect(
      await refusal(client.send(new CreateScheduleCommand({ ...daily, GroupName: "night" }))),
    ).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule group night does not exist.",
    });
    expect(await refusal(client.send(new DeleteScheduleGroupCommand({ Name: "default" })))).toBeInstanceOf(
      ValidationException,
    );
  });
});

describe("what is refused", () => {
  const target = daily.Target ?? { Arn: lambda, RoleArn: role };
  it.each<[string, Partial<CreateScheduleCommandInput>, string]>([
    [
      "an expression AWS refuses",
      { ScheduleExpression: "rate(10 seconds)" },
      "Invalid Schedule Expression rate(10 seconds).",
    ],
    [
      "an unknown time zone",
      { ScheduleExpressionTimezone: "Mars/Olympus" },
      "Invalid Schedule Expression Timezone Mars/Olympus.",
    ],
    ["a start in the past", { StartDate: new Date(NOON - HOUR) }, "cannot be earlier than 5 minutes ago"],
    [
      "an end before the start",
      { StartDate: new Date(NOON + 2 * HOUR), EndDate: new Date(NOON + HOUR) },
      "EndDate",
    ],
    ["a window without its length", { FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, "MaximumWindowInMinutes"],
    [
      "a KMS key",
      { KmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" },
      "KmsKeyArn is not supported by the embedded engine",
    ],
    [
      "a target of another service",
      { Target: { ...target, Arn: "arn:aws:sqs:us-east-1:123456789012:q" } },
      "Lambda functions and state machines",
    ],
    [
      "a universal target",
      { Target: { ...target, Arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage" } },
      "Lambda functions and state machines",
    ],
    [
      "parameters of another service",
      { Target: { ...target, SqsParameters: { MessageGroupId: "g" } } },
      "SqsParameters is not supported",
    ],
    ["an Input that is not JSON", { Target: { ...target, Input: "report" } }, "Target.Input must be JSON"],
    [
      "too many retries",
      { Target: { ...target, RetryPolicy: { MaximumRetryAttempts: 186 } } },
      "less than or equal to 185",
    ],
    [
      "a FIFO dead-letter queue",
      { Target: { ...target, DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:q.fifo" } } },
      "standard SQS queue",
    ],
    [
      "a role that is none",
      { Target: { ...target, RoleArn: "admin" } },
      "'roleArn' failed to satisfy constraint",
    ],
    ["a name with a space", { Name: "a b" }, "'name' failed to satisfy constraint"],
  ])("%s", async (_name, change, message) => {
    const error = await refusal(client.send(new CreateScheduleCommand({ ...daily, ...change })));
    expect(error).toMatchObject({ name: "ValidationException", $metadata: { httpStatusCode: 400 } });
    expect(error.message).toContain(message);
    expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
  });

  it("an operation that is not served, by name", async () => {
    const error = await refusal(
      client.send(
        new ListTagsForResourceCommand({
          ResourceArn: "arn:aws:scheduler:us-east-1:123456789012:schedule-group/night",
        }),
      ),
    );
    expect(error.name).toBe("UnknownOperationException");
    expect(error.message).toContain("does not serve");
  });
});
