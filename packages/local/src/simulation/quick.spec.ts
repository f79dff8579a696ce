import { readFileSync } from "node:fs";
import { CalendarRules } from "@gonogo/core/calendar/schema";
import { type CalendarState, EMPTY_CALENDAR } from "@gonogo/core/calendar/state";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import { readPlan } from "@gonogo/core/plan/read";
import { govern } from "@gonogo/core/policy/govern";
import { readPolicy } from "@gonogo/core/policy/read";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, test } from "vitest";
import { samplePlan as checkout } from "../sample/sample.ts";
import { quickSimulation } from "./quick.ts";
import { simulate } from "./simulation.ts";

const request = { text: "" };

describe("the quick simulation", () => {
  test("runs the sample's plan to its end when everything goes well", () => {
    const { status, verified } = quickSimulation(checkout(), request);
    expect({ status, verified }).toEqual({ status: "completed", verified: true });
  });

  test("an alarm in the first watch takes it back at that minute", () => {
    const plan = checkout();
    const name = plan.triggers.flatMap(({ signals }) => signals)[0]?.name ?? "";
    const { status, view } = quickSimulation(plan, { ...request, alarms: [{ name, at: "T+5m" }] });
    expect(status).toBe("rolled-back");
    expect(Date.parse(view.rollback?.startedAt ?? "") - Date.parse(view.t ?? "")).toBe(5 * 60_000);
    expect(view.components.every(({ share }) => share === 0)).toBe(true);
    expect(view.components[0]).toMatchObject({ previous: "before 42", next: "42" });
  });

  test("opens gates that want two people for one role", () => {
    const plan = samplePlan({ approvals: [{ role: "CTO", count: 2 }] });
    expect(quickSimulation(plan, request).status).toBe("completed");
  });

  test("has its probes answered, and runs to its end under the policy of the examples", () => {
    const file = new URL("../../../../examples/policies/default.yaml", import.meta.url);
    const { policy } = readPolicy(readFileSync(file, "utf8"));
    if (policy === undefined) throw new Error("it is no policy");
    const { plan, problems } = govern(checkout(), policy);
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    const { status, view } = quickSimulation(plan, request);
    expect(status).toBe("completed");
    expect(view.checklist.find(({ id }) => id === "rehearsed")).toMatchObject({ holds: true });
  });

  test("goes past a point of no return, and does what a release is closed with", () => {
    const file = new URL("../../../../examples/ledger/plan.yaml", import.meta.url);
    const { plan, problems } = readPlan(readFileSync(file, "utf8"));
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    expect(lintPlan(plan).filter(({ severity }) => severity !== "info")).toEqual([]);
    const { status, view, records } = quickSimulation(plan, request);
    expect(status).toBe("completed");
    expect(view.steps.find(({ id }) => id === "contract")).toMatchObject({ status: "done" });
    expect(records.filter(({ event }) => event.type === "OneWayApproved")).toHaveLength(2);
    const late = quickSimulation(plan, { ...request, alarms: [{ name: "LedgerErrors", at: "T+24h10m" }] });
    expect([late.status, late.view.components[0]?.share]).toEqual(["rolled-back", 100]);
  });

  test("with nobody there nothing starts", () => {
    const { status, view } = quickSimulation(samplePlan(), { ...request, people: "absent" });
    expect(["gates", "aborted"]).toContain(status);
    expect(view.components.every(({ share }) => share === 0)).toBe(true);
  });

  // Its first row is half an hour before T, and waits as well.
  test.each([true, false])(
    "waits for the deployment's freeze to be over (quick: %s)",
    async (quick) => {
      const plan = samplePlan();
      const calendar: CalendarState = {
        ...EMPTY_CALENDAR,
        rules: CalendarRules.parse({
          calendar: 1,
          freezes: [{ name: "Fair", dates: "2025-06-04", from: "01:00", to: "08:00" }],
        }),
      };
      const shifted = async (around: { calendar?: CalendarState }) => {
        const { records, status } = await simulate(plan, { ...request, quick }, around);
        expect(status).toBe("completed");
        return records.find(({ event }) => event.type === "ShiftIntended")?.at.slice(0, 16);
      };
      if (quick) expect(await shifted({})).toBe("2025-06-04T02:00");
      expect(await shifted({ calendar })).toBe("2025-06-04T08:30");
    },
    120_000,
  );

  test("an alarm that the plan does not know is refused by name", () => {
    const alarms = [{ name: "Nobody's", at: "T+5m" }];
    expect(() => quickSimulation(samplePlan(), { ...request, alarms })).toThrow(/Nobody's/);
  });
});
