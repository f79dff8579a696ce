import type { ReleaseView } from "@gonogo/client";
import type { Instant } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { releaseView } from "@gonogo/core/view/release";
import { describe, expect, test } from "vitest";
import { lanesOf, momentsOf, watched } from "./rows.ts";

function viewAt(minutes: number): ReleaseView {
  const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
  drive.openGates();
  drive.runUntil(() => false, drive.at(minutes));
  return releaseView(drive.plan, drive.state, person("ada", "Ops"), drive.now);
}

describe("lanesOf", () => {
  test("given a release in its first watch, the window is seen to fill", () => {
    const view = viewAt(9);
    const [runbook, api, app] = lanesOf(view, Date.parse(view.now));
    expect([runbook?.name, api?.name, app?.name]).toEqual(["Runbook", "API (7 → 8)", "App (7 → 8)"]);
    const [first, second] = api?.rows ?? [];
    expect(first).toMatchObject({ id: "p1", words: "watching", watch: { percent: 60 } });
    expect(first?.actual?.[1]).toBe(Date.parse(view.now));
    expect(second?.actual).toBeUndefined();
  });

  test("every step is in one lane, and every moment on the axis", () => {
    const view = viewAt(60);
    const lanes = lanesOf(view, Date.parse(view.now));
    const ids = lanes.flatMap(({ rows }) => rows.map(({ id }) => id));
    expect(ids.sort()).toEqual(view.steps.map(({ id }) => id).sort());
    const moments = momentsOf(lanes);
    for (const { plannedStart, plannedEnd } of view.steps) {
      expect(moments).toContain(Date.parse(plannedStart));
      expect(moments).toContain(Date.parse(plannedEnd));
    }
  });
});

test("given a rollback in mid-watch, the bar ends where the rollback began", () => {
  const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
  drive.openGates();
  drive.runUntil(() => false, drive.at(9));
  drive.signal({ name: "Api5xx" });
  drive.settle();
  const view = releaseView(drive.plan, drive.state, person("ada", "Ops"), drive.now);
  const api = lanesOf(view, Date.parse(view.now) + 3_600_000).find(({ id }) => id === "api");
  expect(api?.rows[0]).toMatchObject({ words: "cut short" });
  expect(api?.rows[0]?.watch).toBeUndefined();
  expect(api?.rows[0]?.actual?.[1]).toBe(Date.parse(view.rollback?.startedAt ?? ""));
});

test("a window is never more than full nor less than empty", () => {
  expect([watched(0, 10, -5), watched(0, 10, 5), watched(0, 10, 50), watched(3, 3, 3)]).toEqual([
    0, 50, 100, 100,
  ]);
});
