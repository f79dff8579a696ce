import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  PutPermissionCommand,
  PutRuleCommand,
  type PutRuleCommandInput,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { beforeEach, describe, expect, it } from "vitest";
import { inProcess, NOON, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents } from "./index.ts";

const EventPattern = '{"source":["gonogo"]}';
const arn = (rest: string) => `arn:aws:events:us-east-1:123456789012:${rest}`;

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

describe("event buses over the wire", () => {
  it("are created, described, listed and deleted", async () => {
    const created = await client.send(new CreateEventBusCommand({ Name: "releases", Description: "ours" }));
    expect(created.EventBusArn).toBe(arn("event-bus/releases"));
    expect(await client.send(new DescribeEventBusCommand({ Name: "releases" }))).toMatchObject({
      Name: "releases",
      Arn: arn("event-bus/releases"),
      Description: "ours",
      CreationTime: new Date(NOON),
      LastModifiedTime: new Date(NOON),
    });
    const { EventBuses } = await client.send(new ListEventBusesCommand({}));
    expect(EventBuses?.map((bus) => bus.Name)).toEqual(["default", "releases"]);
    await client.send(new DeleteEventBusCommand({ Name: "releases" }));
    // The messages are AWS's, recorded.
    expect(await refusal(client.send(new DescribeEventBusCommand({ Name: "releases" })))).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Event bus releases does not exist.",
    });
    expect((await refusal(client.send(new DeleteEventBusCommand({ Name: "default" })))).message).toBe(
      "Cannot delete event bus default.",
    );
    expect(await refusal(client.send(new CreateEventBusCommand({ Name: "default" })))).toMatchObject({
      name: "ResourceAlreadyExistsException",
      message: "Event bus default already exists.",
    });
  });

  it("with rules are not deleted", async () => {
    await client.send(new CreateEventBusCommand({ Name: "releases" }));
    await client.send(new PutRuleCommand({ Name: "r", EventBusName: "releases", EventPattern }));
    expect((await refusal(client.send(new DeleteEventBusCommand({ Name: "releases" })))).message).toContain(
      "has rules",
    );
  });
});

describe("rules over the wire", () => {
  it("are put, described, disabled, enabled and deleted", async () => {
    await client.send(new CreateEventBusCommand({ Name: "releases" }));
    const on = { EventBusName: "releases" };
    const { RuleArn } = await client.send(
      new PutRuleCommand({ ...on, Name: "r", EventPattern, Description: "d" }),
    );
    expect(RuleArn).toBe(arn("rule/releases/r"));
    expect((await client.send(new PutRuleCommand({ Name: "r", EventPattern }))).RuleArn).toBe(arn("rule/r"));
    await client.send(new DisableRuleCommand({ ...on, Name: "r" }));
    // By ARN a bus is the same bus.
    expect(
      await client.send(new DescribeRuleCommand({ Name: "r", EventBusName: arn("event-bus/releases") })),
    ).toMatchObject({
      Name: "r",
      Arn: RuleArn,
      EventPattern,
      State: "DISABLED",
      Description: "d",
      EventBusName: "releases",
      CreatedBy: "123456789012",
    });
    await client.send(new EnableRuleCommand({ ...on, Name: "r" }));
    expect((await client.send(new DescribeRuleCommand({ ...on, Name: "r" }))).State).toBe("ENABLED");
    await client.send(new DeleteRuleCommand({ ...on, Name: "r" }));
    await client.send(new DeleteRuleCommand({ ...on, Name: "r" }));
    expect(await refusal(client.send(new DescribeRuleCommand({ ...on, Name: "r" })))).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Rule r does not exist on EventBus releases.",
    });
  });

  it("are listed page by page and by prefix", async () => {
    for (const Name of ["b2", "a1", "b1", "b3"])
      await client.send(new PutRuleCommand({ Name, EventPattern }));
    const first = await client.send(new ListRulesCommand({ NamePrefix: "b", Limit: 2 }));
    const second = await client.send(
      new ListRulesCommand({ NamePrefix: "b", Limit: 2, NextToken: first.NextToken }),
    );
    expect([first, second].map(({ Rules }) => Rules?.map((rule) => rule.Name))).toEqual([
      ["b1", "b2"],
      ["b3"],
    ]);
    expect(second.NextToken).toBeUndefined();
    expect((await refusal(client.send(new ListRulesCommand({ NextToken: "?" })))).message).toContain(
      "NextToken",
    );
  });

  it.each<[string, Partial<PutRuleCommandInput>, string, string]>([
    [
      "a bad pattern",
      { EventPattern: '{"a":[]}' },
      "InvalidEventPatternException",
      "Event pattern is not valid. Reason: Empty arrays are not allowed",
    ],
    [
      "neither pattern nor schedule",
      { EventPattern: undefined },
      "ValidationException",
      "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    ],
    [
      "a schedule on another bus",
      { ScheduleExpression: "rate(1 minute)", EventBusName: "releases" },
      "ValidationException",
      "ScheduleExpression is supported only on the default event bus.",
    ],
    [
      "rate(1 minutes)",
      { ScheduleExpression: "rate(1 minutes)" },
      "ValidationException",
      "Parameter ScheduleExpression is not valid.",
    ],
    [
      "rate(10 minute)",
      { ScheduleExpression: "rate(10 minute)" },
      "ValidationException",
      "Parameter ScheduleExpression is not valid.",
    ],
    [
      "rate(10 MINUTES)",
      { ScheduleExpression: "rate(10 MINUTES)" },
      "ValidationException",
      "Parameter ScheduleExpression is not valid.",
    ],
    [
      "at()",
      { ScheduleExpression: "at(2026-12-01T00:00:00)" },
      "ValidationException",
      "use EventBridge Scheduler",
    ],
    [
      "tags",
      { Tags: [{ Key: "a", Value: "b" }] },
      "ValidationException",
      "Tags is not supported by the embedded engine",
    ],
    [
      "CloudTrail's state",
      { State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" },
      "ValidationException",
      "not supported by the embedded engine",
    ],
    [
      "a missing bus",
      { EventBusName: "nowhere" },
      "ResourceNotFoundException",
      "Event bus nowhere does not exist.",
    ],
    ["a bad name", { Name: "a b" }, "ValidationException", "Member must satisfy regular expression pattern"],
  ])("refuse %s", async (_name, change, name, message) => {
    await client.send(new CreateEventBusCommand({ Name: "releases" }));
    const error = await refusal(client.send(new PutRuleCommand({ Name: "r", EventPattern, ...change })));
    expect(error.name).toBe(name);
    expect(error.message).toContain(message);
  });
});

describe("the rest of the wire", () => {
  it("tests a pattern", async () => {
    const event = { id: "1", account: "1", source: "gonogo", time: "t", region: "r", "detail-type": "d" };
    const test = (Event: string) => client.send(new TestEventPatternCommand({ EventPattern, Event }));
    expect((await test(JSON.stringify(event))).Result).toBe(true);
    expect((await test(JSON.stringify({ ...event, source: "x" }))).Result).toBe(false);
    for (const bad of ["plain string", '["a"]', '{"a":1}']) {
      expect((await refusal(test(bad))).message).toBe("Parameter Event is not valid.");
    }
  });

  it("refuses an operation by name", async () => {
    const error = await refusal(client.send(new PutPermissionCommand({ StatementId: "s" })));
    expect(error.name).toBe("UnknownOperationException");
    expect(error.message).toContain("events:PutPermission");
  });
});
