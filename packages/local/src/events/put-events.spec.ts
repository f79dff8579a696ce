import { existsSync, readFileSync } from "node:fs";
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { beforeEach, describe, expect, it } from "vitest";
import { inProcess, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents, type Events } from "./index.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:all";
const entry: PutEventsRequestEntry = {
  Source: "gonogo",
  DetailType: "PhaseShifted",
  Detail: '{"percent":10}',
};

let client: EventBridgeClient;
let events: Events;
let engine: ReturnType<typeof virtualKernel>;
let delivery: ReturnType<typeof recordingDelivery>;

beforeEach(async () => {
  engine = virtualKernel();
  delivery = recordingDelivery(() => engine.clock.now());
  events = createEvents(engine.kernel, { delivery: delivery.port });
  engine.kernel.register(events.service);
  client = new EventBridgeClient(inProcess(engine.kernel));
  await engine.kernel.call("events", "PutRule", { Name: "all", EventPattern: '{"source":[{"prefix":""}]}' });
  await engine.kernel.call("events", "PutTargets", { Rule: "all", Targets: [{ Id: "t", Arn: lambda }] });
});

const put = (...entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries: entries }));

describe("PutEvents", () => {
  it("fills in what AWS fills in, and delivers", async () => {
    const { Entries, FailedEntryCount } = await put({
      ...entry,
      Resources: ["arn:aws:lambda:us-east-1:123456789012:function:shop"],
      Time: new Date("2022-07-13T13:48:01.700Z"),
    });
    expect(FailedEntryCount).toBe(0);
    await engine.clock.advance(0);
    expect(delivery.calls.map((call) => call.input)).toEqual([
      {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": "PhaseShifted",
        source: "gonogo",
        account: "123456789012",
        time: "2022-07-13T13:48:01Z",
        region: "us-east-1",
        resources: ["arn:aws:lambda:us-east-1:123456789012:function:shop"],
        detail: { percent: 10 },
      },
    ]);
    expect(engine.errors).toEqual([]);
  });

  it("gives each entry its own answer, in order, with status 200", async () => {
    const bus = { ...entry, EventBusName: "no-such-bus" };
    const answer = await put(
      entry,
      { ...entry, Source: "" },
      { ...entry, DetailType: undefined },
      { ...entry, Detail: undefined },
      { ...entry, Detail: "{" },
      { ...entry, Detail: '["a"]' },
      { ...entry, Source: "aws.cloudwatch" },
      bus,
      entry,
    );
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.FailedEntryCount).toBe(6);
    const required = (name: string) =>
      `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
    expect(answer.Entries?.map(({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage])).toEqual([
      [undefined, undefined],
      ["InvalidArgument", required("Source")],
      ["InvalidArgument", required("DetailType")],
      ["InvalidArgument", required("Detail")],
      ["MalformedDetail", "Detail is malformed."],
      ["MalformedDetail", "Detail is malformed."],
      ["NotAuthorizedForSourceException", "Not authorized for the source."],
      // AWS says nothing of a bus that is not there (recorded); the engine counts what it drops.
      [undefined, undefined],
      [undefined, undefined],
    ]);
    await engine.clock.advance(0);
    expect(delivery.calls).toHaveLength(2);
    expect(events.deadLetters.read()).toMatchObject([
      { queueArn: undefined, attributes: { ERROR_CODE: "NO_RESOURCE" } },
    ]);
  });

  it("takes 1 MB in all, and refuses a byte more", async () => {
    const room = 1_048_576 - "gonogo".length - "PhaseShifted".length - '{"a":""}'.length;
    const of = (size: number) => ({ ...entry, Detail: JSON.stringify({ a: "x".repeat(size) }) });
    expect((await put(of(room))).FailedEntryCount).toBe(0);
    await expect(put(of(room + 1))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Total size of the entries in the request is over the limit.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each([
    ["no entries", { Entries: [] }, "greater than or equal to 1"],
    ["an endpoint", { Entries: [{ Source: "a" }], EndpointId: "e" }, "EndpointId is not supported"],
    ["an unknown member", { Entries: [{ Sauce: "a" }] }, "Sauce is not supported"],
  ])("refuses %s", async (_name, input, message) => {
    await expect(engine.kernel.call("events", "PutEvents", input)).rejects.toThrow(message);
  });
});

describe("the sink for the services' own events", () => {
  it("puts them on the default bus with account, Region, id and time", async () => {
    events.sink.put({ source: "aws.states", detailType: "Changed", resources: ["arn:x"], detail: { a: 1 } });
    await engine.clock.advance(0);
    expect(delivery.calls[0]?.input).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Changed",
      source: "aws.states",
      account: "123456789012",
      time: "2026-11-02T12:00:00Z",
      region: "us-east-1",
      resources: ["arn:x"],
      detail: { a: 1 },
    });
  });
});

const folder = new URL("../../../../../shared/vectors/", import.meta.url);
const recorded = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));

describe.skipIf(!existsSync(folder))("answers recorded on AWS (shared/vectors, skipped without it)", () => {
  it("eleven entries: eventbridge-putevents-exceed-ten-aws-recorded", async () => {
    const { Error: error } = recorded("eventbridge-putevents-exceed-ten-aws-recorded.json")[
      "put-events-exceed-limit-error"
    ];
    const detail = '{"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}';
    const one = {
      Source: "core.update-account-command",
      DetailType: "core.update-account-command",
      Detail: detail,
      EventBusName: "<bus-name>",
    };
    await expect(put(...new Array(11).fill(one))).rejects.toMatchObject({
      name: error.Code,
      message: error.Message,
    });
  });

  it("a malformed detail: eventbridge-putevents-malformed-detail-aws-recorded", async () => {
    const { ResponseMetadata: _, ...answer } = recorded(
      "eventbridge-putevents-malformed-detail-aws-recorded.json",
    )["put-events"];
    const { $metadata: __, ...ours } = await put({ ...entry, Detail: '{"a": "b"' });
    expect(ours).toEqual(answer);
  });

  it("too much in one request: eventbridge-putevents-toobig-aws-recorded (the text; the limit has grown)", async () => {
    const { Error: error } = recorded("eventbridge-putevents-toobig-aws-recorded.json")[
      "put-events-too-big-detail-error"
    ];
    const detail = JSON.stringify({ a: "x".repeat(1_048_576) });
    await expect(put({ ...entry, Detail: detail })).rejects.toMatchObject({
      name: error.Code,
      message: error.Message,
    });
  });

  const samples = [
    "eb-cw-alarm-statechange-metric.json",
    "eb-cw-alarm-statechange-metric-muted.json",
    "eb-sfn-status-failed.json",
    "eb-codedeploy-deployment-statechange.json",
  ];
  it.each(samples)("a sample event finds its rule: %s", async (name) => {
    const sample = recorded(name);
    const pattern = {
      source: [sample.source],
      "detail-type": [sample["detail-type"]],
      detail: sampleLeaf(sample.detail),
    };
    const answer = await engine.kernel.call("events", "TestEventPattern", {
      EventPattern: JSON.stringify(pattern),
      Event: JSON.stringify(sample),
    });
    expect(answer).toEqual({ Result: true });
  });
});

/** A pattern for the first text found in the detail. */
function sampleLeaf(detail: Record<string, unknown>): Record<string, unknown> {
  const [name, value] = Object.entries(detail).find(([, value]) => typeof value === "string") ?? ["", ""];
  return { [name]: [value] };
}
