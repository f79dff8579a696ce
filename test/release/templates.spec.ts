import { existsSync, readFileSync } from "node:fs";
import { importDocuments } from "@gonogo/core/document/import";
import { toMillis } from "@gonogo/core/kit/instant";
import { hasErrors } from "@gonogo/core/kit/problem";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import { checkPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { filledIn } from "@gonogo/core/testing/templates";
import { simulate } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../shared/seeds/", import.meta.url);
const FILES = ["000_e7cb0cdcda039e3e.txt", "003_e4e72f7e290be6d8.txt"];
const isThere = FILES.every((name) => existsSync(new URL(name, folder)));

function plan(target?: object): Plan {
  const files = FILES.map((name) => ({ name, text: filledIn(readFileSync(new URL(name, folder), "utf8")) }));
  const imported = importDocuments(files).plan;
  if (imported === undefined) throw new Error("the templates do not import");
  if (target === undefined) return imported;
  const components = imported.components.map((component) =>
    component.target.kind === "app-store" ? { ...component, target } : component,
  );
  const changed = checkPlan({ ...imported, components }).plan;
  if (changed === undefined) throw new Error("the plan does not hold with the other target");
  return changed;
}

function minutes(of: Plan, records: Awaited<ReturnType<typeof simulate>>["records"], type: string): number[] {
  return records
    .filter(({ event }) => event.type === type)
    .map(({ at }) => (toMillis(at) - toMillis(of.start)) / 60_000);
}

describe.skipIf(!isThere)("the filled-in templates, with every handler and machine", () => {
  it("import and lint without an error", () => {
    expect(hasErrors(lintPlan(plan()))).toBe(false);
  });

  it("run to completed, each phase begun at the offset of its table", async () => {
    const of = plan();
    const result = await simulate(of, { text: "" });
    expect(result.status).toBe("completed");
    expect(result.verified).toBe(true);
    expect(minutes(of, result.records, "ShiftDone")).toEqual([0, 20, 30, 150, 390]);
  }, 120_000);

  it("keep exactly to the table's times with Google Play", async () => {
    const of = plan({ kind: "google-play", track: "production", version: "newest" });
    const result = await simulate(of, { text: "" });
    expect(result.status).toBe("completed");
    expect(minutes(of, result.records, "ShiftDone")).toEqual([0, 20, 30, 150, 390]);
    expect(minutes(of, result.records, "PhasePassed")).toEqual([15, 50, 150, 390, 1830]);
  }, 120_000);

  it("go back at T+17 min, the alias on its old version and the app never started", async () => {
    const result = await simulate(plan(), { text: "", alarms: [{ name: "API5xxAlarm", at: "T+17m" }] });
    expect(result.status).toBe("rolled-back");
    expect(result.verified).toBe(true);
    const [api] = result.view.components;
    expect(api?.observed).toMatchObject({ primary: api?.previous, share: 0 });
    const touched = result.records.flatMap(({ event }) =>
      event.type === "ShiftIntended" ? [event.component] : [],
    );
    expect(new Set(touched)).toEqual(new Set([api?.id]));
  }, 60_000);
});
