import { beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../kernel/clock.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { AwsError } from "../kernel/wire.ts";
import { createScheduler } from "./index.ts";
import { HOUR, MINUTE, NOON, recordingDeadLetters, recordingDelivery, virtualKernel } from "./testing.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:tick";
const role = "arn:aws:iam::123456789012:role/scheduler";
const queue = "arn:aws:sqs:us-east-1:123456789012:dead";

let kernel: Kernel;
let clock: VirtualClock;
let errors: unknown[];
let delivery: ReturnType<typeof recordingDelivery>;
let dead: ReturnType<typeof recordingDeadLetters>;

function start(seed = 1) {
  ({ kernel, clock, errors } = virtualKernel({ seed }));
  delivery = recordingDelivery(() => clock.now());
  dead = recordingDeadLetters();
  kernel.register(createScheduler(kernel, { delivery: delivery.port, deadLetters: dead.port }).service);
}
beforeEach(() => start());

async function create(
  expression: string,
  more: Record<string, unknown> = {},
  target: Record<string, unknown> = {},
) {
  await kernel.call("scheduler", "CreateSchedule", {
    Name: "tick",
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: lambda, RoleArn: role, Input: '{"at":"<aws.scheduler.scheduled-time>"}', ...target },
    ...more,
  });
}
const minutes = () => delivery.calls.map((call) => (call.at - NOON) / MINUTE);
const exists = () =>
  kernel.call("scheduler", "GetSchedule", { Name: "tick" }).then(
    () => true,
    () => false,
  );

describe("when a schedule fires", () => {
  it("a one-time schedule: once, in its zone", async () => {
    await create("at(2026-11-02T14:00:00)", { ScheduleExpressionTimezone: "Europe/Berlin" });
    await clock.advance(48 * HOUR);
    expect(delivery.calls).toEqual([{ at: NOON + HOUR, arn: lambda, input: { at: "2026-11-02T13:00:00Z" } }]);
    expect(await exists()).toBe(true);
  });

  it("a one-time schedule whose time is past: at once", async () => {
    await create("at(2022-12-31T23:59:59)");
    await clock.advance(0);
    expect(delivery.calls).toEqual([{ at: NOON, arn: lambda, input: { at: "2022-12-31T23:59:59Z" } }]);
  });

  it("a rate without a StartDate: at once, then at its pace", async () => {
    await create("rate(10 minutes)");
    await clock.advance(25 * MINUTE);
    expect(minutes()).toEqual([0, 10, 20]);
  });

  it("a rate with a StartDate and an EndDate: from the one to the other", async () => {
    await create("rate(10 minutes)", {
      StartDate: new Date(NOON + 5 * MINUTE),
      EndDate: new Date(NOON + 25 * MINUTE),
    });
    await clock.advance(2 * HOUR);
    expect(minutes()).toEqual([5, 15, 25]);
  });

  it("a cron expression with a StartDate: not before it", async () => {
    await create("cron(0/20 * * * ? *)", { StartDate: new Date(NOON + 40 * MINUTE) });
    await clock.advance(HOUR);
    expect(minutes()).toEqual([40, 60]);
  });

  it("a disabled schedule: not; enabled again: from then on", async () => {
    await create("rate(10 minutes)", { State: "DISABLED" });
    await clock.advance(HOUR);
    expect(minutes()).toEqual([]);
    await kernel.call("scheduler", "UpdateSchedule", {
      Name: "tick",
      ScheduleExpression: "rate(30 minutes)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: lambda, RoleArn: role, Input: "{}" },
    });
    await clock.advance(45 * MINUTE);
    expect(minutes()).toEqual([60, 90]);
  });

  it("a deleted schedule: not, though one of its name is made anew", async () => {
    await create("at(2026-11-02T13:00:00)");
    await kernel.call("scheduler", "DeleteSchedule", { Name: "tick" });
    await create("at(2026-11-02T14:00:00)");
    await clock.advance(4 * HOUR);
    expect(minutes()).toEqual([120]);
  });

  it("a flexible window: within it, by chance, the same under one seed", async () => {
    const run = async (seed: number) => {
      start(seed);
      await create("cron(0 * * * ? *)", {
        FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 30 },
      });
      await clock.advance(6 * HOUR);
      return delivery.calls.map((call) => call.at);
    };
    const [one, same, other] = [await run(7), await run(7), await run(8)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(one.every((at) => (at - NOON) % HOUR < 30 * MINUTE)).toBe(true);
    expect(one.some((at) => (at - NOON) % HOUR !== 0)).toBe(true);
  });
});

describe("what the target is given", () => {
  it("the Input with its context attributes, the attempt counted", async () => {
    const input = `{"arn":"<aws.scheduler.schedule-arn>","id":"<aws.scheduler.execution-id>","try":<aws.scheduler.attempt-number>}`;
    delivery.port.behave = ({ input }) => {
      if ((input as { try: number }).try < 3)
        throw new AwsError("TooManyRequestsException", "slow down", 429);
    };
    await create("at(2026-11-02T13:00:00)", {}, { Input: input });
    await clock.advance(2 * HOUR);
    const [call] = delivery.calls;
    expect(call?.input).toMatchObject({
      arn: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/tick",
      try: 3,
    });
    const ids = [...delivery.refused, ...delivery.calls].map(({ input }) => (input as { id: string }).id);
    expect(new Set(ids).size).toBe(1);
  });

  it("without an Input, the event that AWS makes", async () => {
    await create("at(2026-11-02T13:00:00)", {}, { Input: undefined });
    await clock.advance(2 * HOUR);
    expect(delivery.calls[0]?.input).toMatchObject({
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: "123456789012",
      time: "2026-11-02T13:00:00Z",
      region: "us-east-1",
      resources: ["arn:aws:scheduler:us-east-1:123456789012:schedule/default/tick"],
      detail: "{}",
    });
  });
});

describe("when the target fails", () => {
  it("tries again until it is taken, then deletes a schedule that asked for it", async () => {
    let failing = 4;
    delivery.port.behave = () => {
      if (failing-- > 0) throw new AwsError("ServiceException", "down", 500);
    };
    await create("at(2026-11-02T13:00:00)", { ActionAfterCompletion: "DELETE" });
    await clock.advanceTo(NOON + HOUR);
    expect(await exists()).toBe(true);
    await clock.advance(HOUR);
    expect(delivery.calls).toHaveLength(1);
    expect(await exists()).toBe(false);
    expect(dead.letters).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("deletes a rate that has come to its end, after its last invocation", async () => {
    await create("rate(10 minutes)", {
      EndDate: new Date(NOON + 15 * MINUTE),
      ActionAfterCompletion: "DELETE",
    });
    await clock.advance(5 * MINUTE);
    expect(await exists()).toBe(true);
    await clock.advance(10 * MINUTE);
    expect(minutes()).toEqual([0, 10]);
    expect(await exists()).toBe(false);
  });

  it("does not delete a schedule that was made anew under its name", async () => {
    delivery.port.behave = ({ at }) => {
      if (at < NOON + 2 * HOUR) throw new AwsError("ServiceException", "down", 500);
    };
    await create("at(2026-11-02T13:00:00)", { ActionAfterCompletion: "DELETE" });
    await clock.advance(HOUR);
    await kernel.call("scheduler", "DeleteSchedule", { Name: "tick" });
    await create("at(2022-01-01T00:00:00)", {
      ActionAfterCompletion: "DELETE",
      EndDate: new Date(NOON + 9 * HOUR),
    });
    await kernel.call("scheduler", "UpdateSchedule", {
      Name: "tick",
      ScheduleExpression: "cron(0 0 1 1 ? 2020)",
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: { Arn: lambda, RoleArn: role, Input: "{}" },
    });
    await clock.advance(3 * HOUR);
    // The old one's invocation was taken in the meantime; the new one, which has nothing to do, is still there.
    expect(delivery.calls).toHaveLength(1);
    expect(await exists()).toBe(true);
  });

  it("gives up after the retries it was allowed, with Scheduler's attributes", async () => {
    delivery.port.behave = () => {
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
    };
    await create(
      "at(2026-11-02T13:00:00)",
      { ActionAfterCompletion: "DELETE" },
      {
        RetryPolicy: { MaximumRetryAttempts: 2 },
        DeadLetterConfig: { Arn: queue },
      },
    );
    await clock.advance(30 * HOUR);
    expect(delivery.refused).toHaveLength(3);
    const [
      {
        at,
        attributes: { EXECUTION_ID, ...attributes },
        ...letter
      } = fail(),
    ] = dead.letters;
    expect(letter).toEqual({ queueArn: queue, body: { at: "2026-11-02T13:00:00Z" } });
    expect(at).toBeGreaterThan(NOON + HOUR);
    expect(EXECUTION_ID).toMatch(/^[0-9a-f-]{36}$/);
    expect(attributes).toEqual({
      ERROR_CODE: "THROTTLING",
      ERROR_MESSAGE: "TooManyRequestsException: Rate Exceeded.",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      IS_PAYLOAD_TRUNCATED: "false",
      RETRY_ATTEMPTS: "2",
      SCHEDULED_TIME: "2026-11-02T13:00:00Z",
      SCHEDULE_ARN: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/tick",
      TARGET_ARN: lambda,
    });
    expect(await exists()).toBe(false);
  });
});

function fail(): never {
  throw new Error("no dead letter");
}
