import { describe, expect, test } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { boardEntry } from "./board.ts";

const START = "2025-06-03T22:00:00.000Z" as Instant;

function entryFor(drive: Drive, ...roles: string[]) {
  return boardEntry(drive.plan, drive.state, person("ada", ...roles), drive.now);
}

describe("the board", () => {
  test("given closed gates, asks each role for its own, and nobody for another's", () => {
    const drive = new Drive(samplePlan(), START);
    const asked = drive.plan.approvals[0]?.role ?? "";
    expect(entryFor(drive, asked).mine.map(({ kind }) => kind)).toContain("approval");
    expect(entryFor(drive, "Nobody").mine).toEqual([]);
  });

  test("does not ask the requester for an approval that would be refused", () => {
    const drive = new Drive(samplePlan(), START);
    const roles = drive.plan.approvals.map(({ role }) => role);
    const own = boardEntry(drive.plan, drive.state, person("requester", ...roles), drive.now);
    expect(own.mine.filter(({ kind }) => kind === "approval")).toEqual([]);
    expect(own.waitsFor.some(({ what }) => what === "Approval")).toBe(true);
  });

  test("given a watch, shows its window, the share and what comes next", () => {
    const drive = new Drive(samplePlan(), START);
    drive.openGates();
    drive.runUntil(() => false, drive.at(9));
    const entry = entryFor(drive, "Ops");
    expect(entry.watch).toMatchObject({ name: expect.any(String) });
    expect(entry.components.some(({ share }) => share > 0)).toBe(true);
    expect(entry.upNext).toBeDefined();
    expect(entry.steps.done).toBeGreaterThan(0);
  });

  test("an open question comes before everything else, with what silence means", () => {
    const drive = new Drive(samplePlan(), START);
    drive.openGates();
    drive.runUntil(() => false, drive.at(5));
    drive.person({ type: "Pause" });
    expect(entryFor(drive, "Release Manager").mine[0]).toMatchObject({ kind: "decision", urgent: true });
  });
});
