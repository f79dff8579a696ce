import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { createScheduler } from "./index.ts";
import {
  type Call,
  HOUR,
  MINUTE,
  NOON,
  recordingDeadLetters,
  recordingDelivery,
  virtualKernel,
} from "./testing.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gonogo-scheduler-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One life of the engine over the same file, beginning at `start`. */
async function life(
  start: number,
  run: (engine: ReturnType<typeof virtualKernel>) => Promise<void>,
  behave: (call: Call) => void = () => {},
) {
  const store = openStore(join(folder, "engine.sqlite"));
  const engine = virtualKernel({ store, start, seed: start });
  const delivery = recordingDelivery(() => engine.clock.now());
  delivery.port.behave = behave;
  const scheduler = createScheduler(engine.kernel, {
    delivery: delivery.port,
    deadLetters: recordingDeadLetters().port,
  });
  engine.kernel.register(scheduler.service);
  scheduler.resume();
  await run(engine);
  store.close();
  return delivery.calls.map((call) => (call.at - NOON) / MINUTE);
}

const schedule = (name: string, expression: string) => ({
  Name: name,
  ScheduleExpression: expression,
  FlexibleTimeWindow: { Mode: "OFF" },
  ActionAfterCompletion: "DELETE",
  Target: {
    Arn: "arn:aws:lambda:us-east-1:123456789012:function:tick",
    RoleArn: "arn:aws:iam::123456789012:role/scheduler",
    Input: `{"name":"${name}"}`,
  },
});

describe("after a restart", () => {
  it("a one-time schedule still to come fires at its time", async () => {
    await life(NOON, ({ kernel }) =>
      kernel.call("scheduler", "CreateSchedule", schedule("once", "at(2026-11-02T13:00:00)")).then(() => {}),
    );
    expect(await life(NOON + 30 * MINUTE, ({ clock }) => clock.advance(2 * HOUR))).toEqual([60]);
    expect(await life(NOON + 4 * HOUR, ({ clock }) => clock.advance(2 * HOUR))).toEqual([]);
  });

  it("a one-time schedule whose time has passed fires at once, and only once", async () => {
    await life(NOON, ({ kernel }) =>
      kernel.call("scheduler", "CreateSchedule", schedule("once", "at(2026-11-02T13:00:00)")).then(() => {}),
    );
    expect(await life(NOON + 3 * HOUR, ({ clock }) => clock.advance(HOUR))).toEqual([180]);
    expect(await life(NOON + 5 * HOUR, ({ clock }) => clock.advance(HOUR))).toEqual([]);
  });

  it.each([
    ["a rate that missed several", "rate(10 minutes)", [65, 70, 80]],
    ["a cron expression that missed several", "cron(0/10 * * * ? *)", [65, 70, 80]],
  ])("%s fires once and goes on", async (_name, expression, expected) => {
    await life(NOON, async ({ kernel, clock }) => {
      await kernel.call("scheduler", "CreateSchedule", schedule("often", expression));
      await clock.advance(15 * MINUTE);
    });
    expect(await life(NOON + 65 * MINUTE, ({ clock }) => clock.advance(20 * MINUTE))).toEqual(expected);
  });

  it("an invocation that had not been taken is tried again", async () => {
    const down = () => {
      throw new AwsError("ServiceException", "down", 500);
    };
    const first = await life(
      NOON,
      async ({ kernel, clock }) => {
        await kernel.call("scheduler", "CreateSchedule", schedule("once", "at(2026-11-02T12:05:00)"));
        await clock.advance(7 * MINUTE);
      },
      down,
    );
    expect(first).toEqual([]);
    expect(await life(NOON + 60 * MINUTE, ({ clock }) => clock.advance(MINUTE))).toEqual([60]);
    // Taken, so the schedule that asked for it is gone, and nothing comes again.
    await life(NOON + 2 * HOUR, async ({ kernel, clock }) => {
      await clock.advance(HOUR);
      await expect(kernel.call("scheduler", "GetSchedule", { Name: "once" })).rejects.toThrow(
        "does not exist",
      );
    });
  });
});
