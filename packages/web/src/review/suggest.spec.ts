import type { Instant } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { releaseView } from "@gonogo/core/view/release";
import { expect, test } from "vitest";
import { suggestion } from "./suggest.ts";

function viewOf(drive: Drive) {
  return releaseView(drive.plan, drive.state, person("ada", "Ops"), drive.now);
}

function run(minutes: number): Drive {
  const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
  drive.openGates();
  drive.runUntil(() => false, drive.at(minutes));
  return drive;
}

test("what the record does not know it does not invent", () => {
  expect(suggestion(viewOf(run(9)), "Customer Feedback Summary")).toBeUndefined();
  expect(suggestion(viewOf(run(9)), "Lessons Learned")).toBeUndefined();
});

test("a rollback is told, with its cause and the trigger that fired", () => {
  const drive = run(9);
  drive.signal({ name: "Api5xx" });
  drive.settle();
  const found = suggestion(viewOf(drive), "Lessons Learned");
  expect(found).toMatch(/trigger “API 5xx > 3 % for 10 min” fired 4 Jun 2025/);
  expect(found).toMatch(/Rolled back, begun 4 Jun 2025.*Api5xx/);
});

test("metrics met is yes only where all were", () => {
  const drive = run(60);
  expect(suggestion(viewOf(drive), "Metrics Met?")).toMatch(/^Yes: all \d/);
  drive.world.values.set("errors", { value: 2, count: 100_000 });
  drive.runUntil(() => false, drive.at(90));
  const view = viewOf(drive);
  const isMissed = view.metrics.some(({ verdict }) => verdict !== undefined && verdict !== "pass");
  expect(suggestion(view, "Metrics Met?")?.startsWith("No")).toBe(isMissed);
});

test("the date is that of the record's clock", () => {
  expect(suggestion(viewOf(run(9)), "Review Date")).toBe("2025-06-04");
});
