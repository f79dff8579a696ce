import { describe, expect, it } from "vitest";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import type { PlanInput } from "../plan/schema.ts";
import { Drive, person } from "../testing/drive.ts";
import { phase, samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;

function driveOf(change: Partial<PlanInput> = {}): Drive {
  const plan = samplePlan({
    baseline: {},
    messages: [],
    steps: [phase("p1", "T", "api", 10, "15 min"), phase("p2", "T+20 min", "api", 100, "30 min")],
    ...change,
  });
  const drive = new Drive(plan, EVE);
  drive.openGates();
  return drive;
}

function trigger(when: string): Partial<PlanInput> {
  return { triggers: [{ id: "worse", when, metric: "errors", respond: "rollback", owner: "Ops" }] };
}

function settleUntilEnd(drive: Drive): void {
  drive.runUntil(({ rollback }) => rollback?.verification?.endedAt !== undefined, END);
}

describe("a baseline", () => {
  it("is taken with the targets, before anything is shifted, and shown beside each metric", () => {
    const drive = driveOf();
    drive.world.values.set("errors", { value: 0.2, count: 5_000 });
    drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    const types = drive.log.map(({ event }) => event.type);
    expect(types.indexOf("BaselineTaken")).toBe(types.indexOf("ReleaseStarted") - 1);
    expect(drive.state.baseline?.readings.errors).toMatchObject({ value: 0.2, count: 5_000 });
    drive.world.values.set("errors", { value: 2, count: 5_000 });
    drive.runUntil(({ metrics }) => metrics.errors?.verdict === "hold", END);
    const view = releaseView(drive.plan, drive.state, person("x", "Ops"), drive.now);
    expect(view.metrics[0]?.baseline).toEqual({ value: 0.2, unit: "%", change: 900 });
  });

  it.each([
    ["hold", undefined],
    ["override", "running"],
  ] as const)("that cannot be read, with unread: %s", (unread, status) => {
    const drive = driveOf({ baseline: { unread } });
    drive.world.values.set("errors", undefined);
    drive.runUntil(({ startHeld, startedAt }) => startHeld.length > 0 || startedAt !== undefined, END);
    if (status === undefined) {
      expect(drive.state.startHeld.join()).toContain("baseline of API 5xx rate could not be taken: no data");
      drive.world.values.set("errors", { value: 0.2, count: 5_000 });
      drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    } else expect(drive.state.baseline?.unread).toEqual([{ metric: "errors", why: "no data" }]);
    expect(drive.state.startedAt).toBeDefined();
  });

  it("on no events is none", () => {
    const drive = driveOf();
    drive.world.values.set("errors", { value: 0, count: 0 });
    drive.runUntil(({ startHeld }) => startHeld.length > 0, END);
    expect(drive.state.startHeld.join()).toContain("nothing happened that it could be measured by");
  });

  it("of which the plan says nothing is not taken, and holds nothing", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.world.values.set("errors", undefined);
    drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    expect(drive.state.baseline).toBeUndefined();
  });
});

describe("a condition on the baseline", () => {
  it("fires once the breach has lasted, seen at every look, and says what the limit was", () => {
    const drive = driveOf(trigger("API 5xx > baseline + 10 % for 5 min"));
    drive.world.values.set("errors", { value: 0.5, count: 5_000 });
    drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
    const from = drive.now;
    drive.world.values.set("errors", { value: 0.56, count: 5_000 });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.status).toBe("rolled-back");
    expect(drive.state.rollback?.cause).toContain("it is 0.56 %, the limit > baseline + 10 % (0.55 %)");
    const lasted = toMillis(drive.state.rollback?.startedAt ?? from) - toMillis(from);
    expect(lasted).toBeGreaterThanOrEqual(5 * 60_000);
  });

  it("does not fire just within it, and passes", () => {
    const drive = driveOf(trigger("API 5xx > baseline + 10 % for 5 min"));
    drive.world.values.set("errors", { value: 0.5, count: 5_000 });
    drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
    drive.world.values.set("errors", { value: 0.55, count: 5_000 });
    drive.runUntil(({ steps }) => steps.p2?.status === "watching", END);
    expect(drive.state.rollback).toBeUndefined();
    expect(drive.state.steps.p1?.judged?.[0]?.baseline?.change).toBe(10);
  });

  it("without a baseline holds the watch: it neither fires nor lets it pass", () => {
    const drive = driveOf({ ...trigger("API 5xx > baseline + 10 %"), baseline: { unread: "override" } });
    drive.world.values.set("errors", undefined);
    drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    drive.world.values.set("errors", { value: 0.5, count: 5_000 });
    drive.runUntil(({ steps }) => steps.p1?.status === "held", END);
    expect(drive.state.steps.p1?.heldWhy).toContain("no baseline was taken");
    expect(drive.state.rollback).toBeUndefined();
  });
});

describe("after a rollback", () => {
  function rolledBack(after: number | undefined): Drive {
    const drive = driveOf();
    drive.world.values.set("errors", { value: 0.2, count: 5_000 });
    drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
    drive.world.values.set("errors", after === undefined ? undefined : { value: after, count: 5_000 });
    drive.person({ type: "Rollback" });
    drive.runUntil(({ status }) => status === "rolled-back", fromMillis(toMillis(drive.now) + 1_000));
    return drive;
  }

  it("is compared until everything is back, and never keeps the traffic from being back", () => {
    const drive = rolledBack(4);
    expect(drive.state.status).toBe("rolled-back");
    drive.visit();
    expect(drive.state.rollback?.verification?.results[0]).toMatchObject({
      metric: "errors",
      verdict: "off",
    });
    drive.world.values.set("errors", { value: 0.21, count: 5_000 });
    settleUntilEnd(drive);
    expect(drive.state.rollback?.verification?.results).toMatchObject([
      { metric: "errors", verdict: "back", why: "API 5xx rate is 0.21 %, it was 0.2 %" },
      { verdict: "back" },
    ]);
    const ended = drive.log.filter(({ event }) => event.type === "BaselineVerified").length;
    drive.now = fromMillis(toMillis(drive.now) + 3_600_000);
    drive.visit();
    expect(drive.log.filter(({ event }) => event.type === "BaselineVerified")).toHaveLength(ended);
  });

  it.each([
    ["off", 4],
    ["unknown", undefined],
  ] as const)("what is %s when the time is over is told to people", (verdict, value) => {
    const drive = rolledBack(value);
    settleUntilEnd(drive);
    expect(drive.state.rollback?.verification?.results[0]).toMatchObject({ verdict });
    const told = Object.entries(drive.state.messages).find(([id]) => id.startsWith("auto:restored-1"));
    expect(told?.[1].text).toContain("not everything is as it was");
  });
});
