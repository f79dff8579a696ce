import { toMillis } from "@gonogo/core/kit/instant";
import { offsetMs } from "@gonogo/core/kit/offset";
import { checkPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { plannedTimeline } from "@gonogo/core/plan/timeline";
import { isPhase } from "@gonogo/core/step/schema";
import { samplePlan } from "@gonogo/local/sample/sample";
import { simulate } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";

type Result = Awaited<ReturnType<typeof simulate>>;

/** Minutes after T at which something of a kind happened to a step. */
function minutes(plan: Plan, { records }: Result, type: string): Record<string, number> {
  const found = records.flatMap(({ at, event }) =>
    event.type === type && "step" in event
      ? [[event.step, (toMillis(at) - toMillis(plan.start)) / 60_000] as const]
      : [],
  );
  return Object.fromEntries(found);
}

function onGooglePlay(plan: Plan): Plan {
  const components = plan.components.map((component) =>
    component.target.kind === "app-store"
      ? { ...component, target: { kind: "google-play", track: "production", version: "newest" } }
      : component,
  );
  const changed = checkPlan({ ...plan, components }).plan;
  if (changed === undefined) throw new Error("the plan does not hold with Google Play");
  return changed;
}

describe("the sample release, on the virtual clock with every handler and machine", () => {
  it("starts App Store phases at their offsets, passes them on Apple's curve, and completes", async () => {
    const plan = samplePlan();
    const result = await simulate(plan, { text: "" });
    expect(result.status).toBe("completed");
    expect(result.verified).toBe(true);
    expect(minutes(plan, result, "ShiftDone")).toEqual({
      "phase-1": 0,
      "phase-2": 20,
      "phase-3": 30,
      "phase-4": 150,
      "phase-5": 390,
    });
    const day = 24 * 60;
    // 10 % on the fourth day, 50 % on the sixth, 100 % on the seventh, counted from phase 3.
    expect(minutes(plan, result, "PhasePassed")).toEqual({
      "phase-1": 15,
      "phase-2": 50,
      "phase-3": 30 + 3 * day,
      "phase-4": 30 + 5 * day,
      "phase-5": 30 + 6 * day,
    });
  }, 120_000);

  it("keeps exactly to the table's times with Google Play, and to its own preview", async () => {
    const plan = onGooglePlay(samplePlan());
    const result = await simulate(plan, { text: "" });
    expect(result.status).toBe("completed");
    const passed = minutes(plan, result, "PhasePassed");
    expect(passed).toEqual({ "phase-1": 15, "phase-2": 50, "phase-3": 150, "phase-4": 390, "phase-5": 1830 });
    const previewed = plannedTimeline(plan)
      .filter(({ step }) => isPhase(step))
      .map(({ step, ends }) => [step.id, offsetMs(ends) / 60_000]);
    expect(passed).toEqual(Object.fromEntries(previewed));
  }, 120_000);

  it("goes back by itself when API5xxAlarm fires at T+17 min: alias on the old version, app never started", async () => {
    const plan = samplePlan();
    const result = await simulate(plan, { text: "", alarms: [{ name: "API5xxAlarm", at: "T+17m" }] });
    expect(result.status).toBe("rolled-back");
    expect(result.verified).toBe(true);
    const [api, app] = result.view.components;
    expect(api).toMatchObject({ id: "orders-api", share: 0, previous: "41", observed: { primary: "41" } });
    expect(app).toMatchObject({ id: "shop-app", share: 0 });
    expect(
      result.records.some(({ event }) => event.type === "ShiftIntended" && event.component === "shop-app"),
    ).toBe(false);
  }, 60_000);

  it("is the same run, record for record, with the same seed", async () => {
    const plan = samplePlan();
    const request = { text: "", alarms: [{ name: "API5xxAlarm", at: "T+17m" }], seed: 7 };
    const [one, other] = [await simulate(plan, request), await simulate(plan, request)];
    expect(one.records.at(-1)?.digest).toBe(other.records.at(-1)?.digest);
  }, 60_000);
});
