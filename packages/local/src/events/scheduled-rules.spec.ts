import { beforeEach, describe, expect, it } from "vitest";
import { HOUR, MINUTE, NOON, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents } from "./index.ts";

let engine: ReturnType<typeof virtualKernel>;
let delivery: ReturnType<typeof recordingDelivery>;

beforeEach(() => {
  engine = virtualKernel();
  delivery = recordingDelivery(() => engine.clock.now());
  engine.kernel.register(createEvents(engine.kernel, { delivery: delivery.port }).service);
});

const call = (operation: string, input: object) => engine.kernel.call("events", operation, input);
const minutes = () => delivery.calls.map((one) => (one.at - NOON) / MINUTE);

async function scheduled(ScheduleExpression: string) {
  await call("PutRule", { Name: "tick", ScheduleExpression });
  const Arn = "arn:aws:lambda:us-east-1:123456789012:function:tick";
  await call("PutTargets", { Rule: "tick", Targets: [{ Id: "1", Arn }] });
}

describe("a rule with a schedule", () => {
  it("sends its targets the event that AWS sends", async () => {
    await scheduled("rate(5 minutes)");
    await engine.clock.advance(5 * MINUTE);
    expect(delivery.calls[0]?.input).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "123456789012",
      time: "2026-11-02T12:05:00Z",
      region: "us-east-1",
      resources: ["arn:aws:events:us-east-1:123456789012:rule/tick"],
      detail: {},
    });
  });

  it("first fires one interval after it was made (recorded)", async () => {
    await scheduled("rate(5 minutes)");
    await engine.clock.advance(16 * MINUTE);
    expect(minutes()).toEqual([5, 10, 15]);
  });

  it("fires by cron in UTC", async () => {
    await scheduled("cron(30 13 * * ? *)");
    await engine.clock.advance(48 * HOUR);
    expect(minutes()).toEqual([90, 90 + 24 * 60]);
  });

  it("stops when it is disabled or deleted, and counts anew when it is enabled", async () => {
    await scheduled("rate(10 minutes)");
    await engine.clock.advance(15 * MINUTE);
    await call("DisableRule", { Name: "tick" });
    await engine.clock.advance(HOUR);
    await call("EnableRule", { Name: "tick" });
    await engine.clock.advance(10 * MINUTE);
    expect(minutes()).toEqual([10, 85]);
    await call("RemoveTargets", { Rule: "tick", Ids: ["1"] });
    await call("DeleteRule", { Name: "tick" });
    await engine.clock.advance(HOUR);
    expect(minutes()).toEqual([10, 85]);
    expect(engine.errors).toEqual([]);
  });

  it("keeps its pace when it is put again unchanged", async () => {
    await scheduled("rate(10 minutes)");
    await engine.clock.advance(7 * MINUTE);
    await scheduled("rate(10 minutes)");
    await engine.clock.advance(5 * MINUTE);
    expect(minutes()).toEqual([10]);
  });

  it("after a restart fires once for what it missed, and goes on", async () => {
    await scheduled("rate(10 minutes)");
    await engine.clock.advance(12 * MINUTE);
    const next = virtualKernel({ store: engine.kernel.store, start: NOON + 55 * MINUTE, seed: 2 });
    const later = recordingDelivery(() => next.clock.now());
    createEvents(next.kernel, { delivery: later.port }).resume();
    await next.clock.advance(10 * MINUTE);
    expect(later.calls.map((one) => (one.at - NOON) / MINUTE)).toEqual([55, 60]);
  });
});
