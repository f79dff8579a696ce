import { beforeEach, describe, expect, it } from "vitest";
import { seededRandom } from "../kernel/random.ts";
import { AwsError } from "../kernel/wire.ts";
import { HOUR, MINUTE, NOON, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents, disturbBy, type Events } from "./index.ts";

const lambda = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const bus = (name: string) => `arn:aws:events:us-east-1:123456789012:event-bus/${name}`;
const queue = "arn:aws:sqs:us-east-1:123456789012:dead";

let engine: ReturnType<typeof virtualKernel>;
let events: Events;
let delivery: ReturnType<typeof recordingDelivery>;

function start(seed = 1) {
  engine = virtualKernel({ seed });
  delivery = recordingDelivery(() => engine.clock.now());
  events = createEvents(engine.kernel, { delivery: delivery.port });
  engine.kernel.register(events.service);
}
beforeEach(() => start());

const call = (operation: string, input: object) => engine.kernel.call("events", operation, input);

async function rule(
  name: string,
  targets: object[],
  pattern: object = { source: ["gonogo"] },
  busName = "default",
) {
  await call("PutRule", { Name: name, EventBusName: busName, EventPattern: JSON.stringify(pattern) });
  await call("PutTargets", { Rule: name, EventBusName: busName, Targets: targets });
}

async function put(n: number, busName = "default") {
  const Entries = [
    { Source: "gonogo", DetailType: "T", Detail: JSON.stringify({ n }), EventBusName: busName },
  ];
  await call("PutEvents", { Entries });
}
const seen = () => delivery.calls.map(({ input }) => (input as { detail: { n: number } }).detail.n);

describe("delivery", () => {
  it("goes to every target of every rule that matches, and to no other", async () => {
    await rule("a", [
      { Id: "1", Arn: lambda("one") },
      { Id: "2", Arn: lambda("two") },
    ]);
    await rule("b", [{ Id: "1", Arn: lambda("three") }], { detail: { n: [{ numeric: [">", 5] }] } });
    await rule("off", [{ Id: "1", Arn: lambda("off") }]);
    await call("DisableRule", { Name: "off" });
    await put(1);
    await put(9);
    await engine.clock.advance(0);
    expect(delivery.calls.map(({ arn }) => arn.split(":").at(-1))).toEqual([
      "one",
      "two",
      "one",
      "two",
      "three",
    ]);
    expect(events.openDeliveries).toBe(0);
  });

  it("follows a rule from the moment it is changed", async () => {
    await rule("a", [{ Id: "1", Arn: lambda("one") }]);
    await put(1);
    await call("PutRule", { Name: "a", EventPattern: '{"source":["else"]}' });
    await put(2);
    await engine.clock.advance(0);
    expect(seen()).toEqual([1]);
  });

  it("is tried again until it is taken", async () => {
    let failing = 5;
    delivery.port.behave = () => {
      if (failing-- > 0) throw new AwsError("ServiceException", "down", 500);
    };
    await rule("a", [{ Id: "1", Arn: lambda("one") }]);
    await put(1);
    await engine.clock.advance(HOUR);
    expect(delivery.refused).toHaveLength(5);
    expect(seen()).toEqual([1]);
    expect(events.deadLetters.read()).toEqual([]);
  });

  it("outlasts a target that is away for 23 hours", async () => {
    delivery.port.behave = ({ at }) => {
      if (at < NOON + 23 * HOUR) throw new AwsError("ServiceException", "away", 503);
    };
    await rule("a", [{ Id: "1", Arn: lambda("one") }]);
    await put(1);
    await engine.clock.advance(30 * HOUR);
    expect(seen()).toEqual([1]);
    expect(events.deadLetters.read()).toEqual([]);
  });
});

describe("dead letters", () => {
  it.each([
    ["no permission", new AwsError("AccessDeniedException", "not yours", 403), "NO_PERMISSIONS"],
    ["no such target", new AwsError("ResourceNotFoundException", "Function not found", 404), "NO_RESOURCE"],
    ["an input the target refuses", new AwsError("InvalidExecutionInput", "too large"), "INVALID_PARAMETER"],
  ])("%s: at once, without a retry", async (_name, error, code) => {
    delivery.port.behave = () => {
      throw error;
    };
    await rule("a", [{ Id: "1", Arn: lambda("one"), DeadLetterConfig: { Arn: queue } }]);
    await put(7);
    await engine.clock.advance(30 * HOUR);
    expect(delivery.refused).toHaveLength(1);
    const [letter] = events.deadLetters.read(queue);
    expect(letter).toMatchObject({ at: NOON, body: { source: "gonogo", detail: { n: 7 } } });
    expect(letter?.attributes).toEqual({
      RULE_ARN: "arn:aws:events:us-east-1:123456789012:rule/a",
      TARGET_ARN: lambda("one"),
      ERROR_CODE: code,
      ERROR_MESSAGE: `${error.code}: ${error.message}`,
      RETRY_ATTEMPTS: "0",
    });
    events.deadLetters.remove(letter?.id ?? "");
    expect(events.deadLetters.read()).toEqual([]);
  });

  it("after the retries that the target allows", async () => {
    delivery.port.behave = () => {
      throw new AwsError("TooManyRequestsException", "slow", 429);
    };
    const policies = [
      { Id: "few", Arn: lambda("few"), RetryPolicy: { MaximumRetryAttempts: 2 } },
      { Id: "short", Arn: lambda("short"), RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
      { Id: "plain", Arn: lambda("plain") },
    ];
    await rule(
      "a",
      policies.map((target) => ({ ...target, DeadLetterConfig: { Arn: queue } })),
    );
    await put(1);
    await engine.clock.advance(30 * HOUR);
    const letters = new Map(
      events.deadLetters.read(queue).map((letter) => [letter.attributes.TARGET_ARN, letter]),
    );
    expect(letters.get(lambda("few"))?.attributes).toMatchObject({
      ERROR_CODE: "THROTTLING",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
    });
    expect(letters.get(lambda("short"))).toMatchObject({
      at: NOON + MINUTE,
      attributes: { EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds" },
    });
    expect(letters.get(lambda("plain"))?.attributes.RETRY_ATTEMPTS).toMatch(/^1[5-8]\d$/);
    expect(events.openDeliveries).toBe(0);
  });

  it("without a queue are kept to be seen; without JSON are INVALID_JSON", async () => {
    const InputTransformer = { InputPathsMap: { all: "$.detail" }, InputTemplate: '{"all":"<all>"}' };
    await rule("a", [{ Id: "1", Arn: lambda("one"), InputTransformer }]);
    await put(1);
    await engine.clock.advance(0);
    expect(events.deadLetters.read()).toMatchObject([
      { queueArn: undefined, attributes: { ERROR_CODE: "INVALID_JSON", RETRY_ATTEMPTS: "0" } },
    ]);
  });
});

describe("from bus to bus", () => {
  it("an event keeps its id, and goes no further than a second bus", async () => {
    for (const Name of ["second", "third"]) await call("CreateEventBus", { Name });
    await rule("to-second", [
      { Id: "1", Arn: bus("second") },
      { Id: "2", Arn: lambda("first") },
    ]);
    await rule(
      "on-second",
      [
        { Id: "1", Arn: lambda("second") },
        { Id: "2", Arn: bus("third") },
      ],
      { source: ["gonogo"] },
      "second",
    );
    await rule("on-third", [{ Id: "1", Arn: lambda("third") }], { source: ["gonogo"] }, "third");
    await put(1);
    await engine.clock.advance(0);
    expect(delivery.calls.map(({ arn }) => arn.split(":").at(-1)).sort()).toEqual(["first", "second"]);
    const [one, two] = delivery.calls;
    expect(one?.input).toEqual(two?.input);
    expect(events.deadLetters.read()).toMatchObject([
      { attributes: { TARGET_ARN: bus("third"), ERROR_CODE: "INVALID_PARAMETER" } },
    ]);
  });

  it("a bus that is gone is no resource", async () => {
    await call("CreateEventBus", { Name: "second" });
    await rule("to-second", [{ Id: "1", Arn: bus("second"), DeadLetterConfig: { Arn: queue } }]);
    await call("DeleteEventBus", { Name: "second" });
    await put(1);
    await engine.clock.advance(0);
    expect(events.deadLetters.read(queue)).toMatchObject([{ attributes: { ERROR_CODE: "NO_RESOURCE" } }]);
  });
});

describe("disturbed deliveries", () => {
  it("come twice, late and out of order, as they are told to", async () => {
    await rule("a", [{ Id: "1", Arn: lambda("one") }]);
    const plan: Record<number, number[]> = { 1: [5 * MINUTE], 2: [0, 10 * MINUTE], 3: [] };
    events.disturb = ({ event }) => plan[(event.detail as { n: number }).n] ?? [0];
    for (const n of [1, 2, 3]) await put(n);
    await engine.clock.advance(HOUR);
    expect(
      delivery.calls.map(({ at, input }) => [
        (input as { detail: { n: number } }).detail.n,
        (at - NOON) / MINUTE,
      ]),
    ).toEqual([
      [2, 0],
      [3, 0],
      [1, 5],
      [2, 10],
    ]);
  });

  it("by chance lose nothing, and are the same under one seed", async () => {
    const run = async (seed: number) => {
      start(seed);
      events.disturb = disturbBy(seededRandom(seed), { repeated: 0.3, late: 0.5, longestDelayMs: HOUR });
      let calls = 0;
      delivery.port.behave = () => {
        if (calls++ % 7 === 0) throw new AwsError("ServiceException", "down", 500);
      };
      await rule("a", [
        { Id: "1", Arn: lambda("one") },
        { Id: "2", Arn: lambda("two") },
      ]);
      for (let n = 0; n < 50; n++) {
        await put(n);
        await engine.clock.advance(MINUTE);
      }
      await engine.clock.advance(5 * HOUR);
      return delivery.calls.map(({ at, arn, input }) => JSON.stringify([at, arn, input]));
    };
    const [one, same, other] = [await run(11), await run(11), await run(12)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(one.length).toBeGreaterThan(100);
    const distinct = new Set(one.map((line) => line.slice(line.indexOf(","))));
    expect(distinct.size).toBe(100);
  });
});
