import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ListArchivesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import { beforeEach, describe, expect, it } from "vitest";
import { HOUR, inProcess, MINUTE, NOON, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents } from "./index.ts";

const arn = (rest: string) => `arn:aws:events:us-east-1:123456789012:${rest}`;
const lambda = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

let engine: ReturnType<typeof virtualKernel>;
let delivery: ReturnType<typeof recordingDelivery>;
let client: EventBridgeClient;

beforeEach(async () => {
  engine = virtualKernel();
  delivery = recordingDelivery(() => engine.clock.now());
  engine.kernel.register(createEvents(engine.kernel, { delivery: delivery.port }).service);
  client = new EventBridgeClient(inProcess(engine.kernel));
  for (const Name of ["one", "two"]) {
    await client.send(new PutRuleCommand({ Name, EventPattern: '{"source":["gonogo"]}' }));
    await client.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: "t", Arn: lambda(Name) }] }));
  }
});

const archive = (more = {}) =>
  client.send(
    new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn: arn("event-bus/default"), ...more }),
  );

async function put(n: number) {
  const Entries = [{ Source: "gonogo", DetailType: "T", Detail: JSON.stringify({ n }) }];
  await client.send(new PutEventsCommand({ Entries }));
  await engine.clock.advance(MINUTE);
}

const replay = (more = {}) =>
  client.send(
    new StartReplayCommand({
      ReplayName: "again",
      EventSourceArn: arn("archive/kept"),
      EventStartTime: new Date(NOON),
      EventEndTime: new Date(NOON + HOUR),
      Destination: { Arn: arn("event-bus/default") },
      ...more,
    }),
  );

const replayed = () =>
  delivery.calls
    .map(({ arn, input }) => ({ arn, input: input as { "replay-name"?: string; detail: { n: number } } }))
    .filter(({ input }) => input["replay-name"] === "again")
    .map(({ arn, input }) => [arn.split(":").at(-1), input.detail.n]);

describe("archives and replays", () => {
  it("keep what matches, and send it again with its replay's name", async () => {
    await archive({ EventPattern: '{"detail":{"n":[{"numeric":[">",1]}]}}', RetentionDays: 3 });
    for (const n of [1, 2, 3, 4]) await put(n);
    expect(await client.send(new DescribeArchiveCommand({ ArchiveName: "kept" }))).toMatchObject({
      ArchiveArn: arn("archive/kept"),
      EventSourceArn: arn("event-bus/default"),
      State: "ENABLED",
      RetentionDays: 3,
      EventCount: 3,
      CreationTime: new Date(NOON),
    });
    const started = await replay({
      EventEndTime: new Date(NOON + 3 * MINUTE),
      Destination: { Arn: arn("event-bus/default"), FilterArns: [arn("rule/two")] },
    });
    expect(started).toMatchObject({ State: "STARTING", ReplayArn: arn("replay/again") });
    await engine.clock.advance(0);
    expect(replayed()).toEqual([
      ["two", 2],
      ["two", 3],
    ]);
    const done = await client.send(new DescribeReplayCommand({ ReplayName: "again" }));
    expect(done).toMatchObject({
      State: "COMPLETED",
      EventLastReplayedTime: new Date(NOON + 2 * MINUTE),
      Destination: { FilterArns: [arn("rule/two")] },
    });
    // What a replay sends is not kept a second time.
    expect((await client.send(new ListArchivesCommand({}))).Archives?.[0]?.EventCount).toBe(3);
    expect(engine.errors).toEqual([]);
  });

  it("go to all rules unless told, and not past the retention", async () => {
    await archive({ RetentionDays: 1 });
    await put(1);
    await engine.clock.advance(23 * HOUR + 59 * MINUTE);
    await put(2);
    await replay({ EventEndTime: new Date(NOON + 48 * HOUR) });
    await engine.clock.advance(0);
    expect(replayed()).toEqual([
      ["one", 2],
      ["two", 2],
    ]);
  });

  it("refuse in AWS's words (recorded)", async () => {
    await archive();
    await client.send(new CreateEventBusCommand({ Name: "other" }));
    const messages = await Promise.all(
      [
        archive(),
        archive({ ArchiveName: "b", EventSourceArn: arn("event-bus/nowhere") }),
        archive({ ArchiveName: "b", EventPattern: "{}" }),
        client.send(new DescribeArchiveCommand({ ArchiveName: "b" })),
        client.send(new DeleteArchiveCommand({ ArchiveName: "b" })),
        replay({ EventSourceArn: arn("archive/b") }),
        replay({ Destination: { Arn: arn("event-bus/other") } }),
        replay({ Destination: { Arn: arn("event-bus/nowhere") } }),
        replay({ EventEndTime: new Date(NOON) }),
        replay().then(() => replay()),
        client.send(new DescribeReplayCommand({ ReplayName: "b" })),
      ].map((promise) =>
        promise.then(
          () => "accepted",
          (error: Error) => error.message.split("\n")[0],
        ),
      ),
    );
    expect(messages).toEqual([
      "Archive kept already exists.",
      "Event bus nowhere does not exist.",
      "Event pattern is not valid. Reason: Empty objects are not allowed",
      "Archive b does not exist.",
      "Archive b does not exist.",
      "Parameter EventSourceArn is not valid. Reason: Archive b does not exist.",
      "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
      "Event bus nowhere does not exist.",
      "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
      "Replay again already exists.",
      "Replay b does not exist.",
    ]);
  });
});
