import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import type { PlanInput } from "../plan/schema.ts";
import { next } from "../release/next.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-06-12T00:00:00.000Z" as Instant;
const TESTER = person("tester", "Ops");

/** The sample, with smoke tests that a person counts a quarter of an hour after T. */
function asked(threshold = "19 of 20"): Drive {
  const { gonogo: _, metrics = [], steps = [], ...rest } = samplePlan() as unknown as PlanInput;
  const smoke = { id: "smoke", name: "Smoke tests", threshold, owner: "Ops" };
  const look = { id: "smoke-tests", kind: "check" as const, at: "T+15 min", do: "Run the smoke tests" };
  const plan = samplePlan({
    ...rest,
    metrics: [...metrics, smoke],
    steps: [...steps, { ...look, owner: "Ops", metric: "smoke", needs: ["p1:shifted"] }],
  });
  const drive = new Drive(plan, EVE);
  drive.openGates();
  drive.runUntil(({ steps }) => steps.p1?.shiftedAt !== undefined, END);
  // From here on nobody answers by themselves.
  drive.punctual = false;
  drive.runUntil(({ steps }) => steps["smoke-tests"]?.status === "running", END);
  expect(drive.state.steps["smoke-tests"]?.status).toBe("running");
  return drive;
}

const step = (drive: Drive) => drive.state.steps["smoke-tests"];
const read = (drive: Drive, value: number, more: { count?: number } = {}, who = TESTER) =>
  drive.ask(who, { type: "GiveReading", metric: "smoke", value, ...more });

describe("a check of what a person reads", () => {
  it("waits for its owner and says so, until it is overdue", () => {
    const drive = asked();
    const waits = releaseView(drive.plan, drive.state, TESTER, drive.now).waitsFor;
    expect(waits).toContainEqual({
      what: "Run the smoke tests: the value of Smoke tests (>= 19 of 20)",
      who: ["Ops"],
      urgent: false,
    });
    const lane = [...new Set(["runbook", "release", "api"])]
      .map((id) => next(drive.plan, drive.state, { lane: id }, drive.now))
      .find((one) => "step" in one && one.step === "smoke-tests");
    expect(lane).toMatchObject({ do: "wait", for: "person" });
    const from = drive.log.length;
    drive.runUntil(({ steps }) => steps["smoke-tests"]?.overdue === true, END);
    expect(drive.log.slice(from).map(({ event }) => event.type)).toContain("StepOverdue");
    expect(step(drive)?.status).toBe("running");
  });

  it.each([
    [20, {}, "done"],
    [19, {}, "done"],
    [18, {}, "failed"],
    [38, { count: 40 }, "done"],
    [37, { count: 40 }, "failed"],
    // With ten of them run it is not known.
    [10, { count: 10 }, "failed"],
  ])("is answered by %d (%j): %s", (value, more, status) => {
    const drive = asked();
    expect(read(drive, value, more).ok).toBe(true);
    expect(step(drive)?.status).toBe(status);
    const asks = drive.log.filter(({ event }) => event.type === "DecisionAsked");
    expect(asks).toHaveLength(status === "done" ? 0 : 1);
  });

  it("that failed is asked for anew when it is done again", () => {
    const drive = asked();
    read(drive, 12);
    expect(step(drive)?.status).toBe("failed");
    expect(read(drive, 20).ok).toBe(true);
    expect(step(drive)?.status).toBe("failed");
    drive.person({ type: "Retry", step: "smoke-tests" });
    drive.settle();
    expect(step(drive)?.status).toBe("running");
    read(drive, 20);
    expect(step(drive)?.status).toBe("done");
  });

  it("is not ticked, nor read by whoever is not asked, nor by more than there were", () => {
    const drive = asked();
    const before = drive.log.length;
    const refused = (decision: ReturnType<Drive["ask"]>) => (decision.ok ? "taken" : decision.rejection.code);
    expect(refused(drive.person({ type: "CompleteStep", step: "smoke-tests", ok: true }))).toBe(
      "step.wants-reading",
    );
    expect(refused(read(drive, 20, {}, person("x", "CTO")))).toBe("metric.not-your-role");
    expect(refused(read(drive, 21))).toBe("metric.more-than-all");
    expect(drive.log).toHaveLength(before);
  });
});
