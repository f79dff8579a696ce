import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { beforeEach, describe, expect, it } from "vitest";
import { inProcess, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents } from "./index.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:f";
const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:rollback";
const role = "arn:aws:iam::123456789012:role/events";
const EventPattern = '{"source":["gonogo"]}';

let client: EventBridgeClient;

beforeEach(() => {
  const { kernel } = virtualKernel();
  kernel.register(createEvents(kernel, { delivery: recordingDelivery(() => 0).port }).service);
  client = new EventBridgeClient(inProcess(kernel));
});

async function refusal(promise: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("was accepted");
}

describe("targets over the wire", () => {
  beforeEach(() => client.send(new PutRuleCommand({ Name: "r", EventPattern })));
  const put = (...Targets: Target[]) => client.send(new PutTargetsCommand({ Rule: "r", Targets }));

  it("are put, replaced by id, listed, found by rule and removed", async () => {
    const answer = await put(
      { Id: "a", Arn: lambda },
      { Id: "b", Arn: machine, RoleArn: role, InputPath: "$.detail" },
    );
    expect(answer).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
    await put({ Id: "a", Arn: lambda, Input: '{"x":1}', RetryPolicy: { MaximumRetryAttempts: 3 } });
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "r" }));
    expect(Targets).toEqual([
      { Id: "a", Arn: lambda, Input: '{"x":1}', RetryPolicy: { MaximumRetryAttempts: 3 } },
      { Id: "b", Arn: machine, RoleArn: role, InputPath: "$.detail" },
    ]);
    // To put the rule again keeps its targets (recorded).
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));
    expect((await client.send(new ListRuleNamesByTargetCommand({ TargetArn: machine }))).RuleNames).toEqual([
      "r",
    ]);
    expect((await refusal(client.send(new DeleteRuleCommand({ Name: "r" })))).message).toBe(
      "Rule can't be deleted since it has targets.",
    );
    await client.send(new RemoveTargetsCommand({ Rule: "r", Ids: ["a", "b"] }));
    expect((await client.send(new ListTargetsByRuleCommand({ Rule: "r" }))).Targets).toEqual([]);
  });

  it("are five at most", async () => {
    const error = await refusal(put(...["a", "b", "c", "d", "e", "f"].map((Id) => ({ Id, Arn: lambda }))));
    expect(error).toMatchObject({
      name: "LimitExceededException",
      message: "The requested resource exceeds the maximum number allowed.",
    });
  });

  it.each<[string, Partial<Target>, string]>([
    [
      "a queue",
      { Arn: "arn:aws:sqs:us-east-1:123456789012:q" },
      "supported: Lambda functions, state machines, event buses",
    ],
    [
      "Kinesis parameters",
      { KinesisParameters: { PartitionKeyPath: "$.id" } },
      "KinesisParameters is not supported",
    ],
    ["ECS parameters", { EcsParameters: { TaskDefinitionArn: "arn" } }, "EcsParameters is not supported"],
    ["a state machine without a role", { Arn: machine }, `RoleArn is required for target ${machine}.`],
    [
      "two inputs",
      { Input: "{}", InputPath: "$" },
      "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
    ],
    ["an Input that is not JSON", { Input: "hello" }, "JSON syntax error in input for target t"],
    ["a path in brackets", { InputPath: "$['detail']" }, "Invalid InputPath for target t"],
    [
      "an unknown placeholder",
      { InputTransformer: { InputPathsMap: { a: "$.id" }, InputTemplate: '"<a> <notdefinedkey>"' } },
      "InputTemplate for target t contains invalid placeholder notdefinedkey.",
    ],
    [
      "a template that is no JSON",
      { InputTransformer: { InputTemplate: "<aws.events.rule-name> fired" } },
      "Invalid InputTemplate for target t",
    ],
    [
      "a reserved name",
      { InputTransformer: { InputPathsMap: { "aws.events.event": "$" }, InputTemplate: "{}" } },
      "reserved",
    ],
    [
      "an input for a bus",
      { Arn: "arn:aws:events:us-east-1:123456789012:event-bus/default", Input: "{}" },
      "not supported for an event bus",
    ],
    [
      "a FIFO dead-letter queue",
      { DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:q.fifo" } },
      "standard SQS queue",
    ],
    ["an age of a second", { RetryPolicy: { MaximumEventAgeInSeconds: 1 } }, "greater than or equal to 60"],
    ["a bad id", { Id: "!@#$@!#$" }, "Value '!@#$@!#$' at 'id' failed to satisfy constraint"],
  ])("refuse %s", async (_name, change, message) => {
    const error = await refusal(put({ Id: "t", Arn: lambda, ...change }));
    expect(error.name).toBe("ValidationException");
    expect(error.message).toContain(message);
    expect((await client.send(new ListTargetsByRuleCommand({ Rule: "r" }))).Targets).toEqual([]);
  });
});
