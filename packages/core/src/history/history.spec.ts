import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { planDigest } from "../plan/read.ts";
import { claimsOf } from "../release/claims.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { entryOf } from "./entry.ts";
import { deploymentsCsv, deploymentsJsonLines } from "./lines.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const LATER = "2025-08-01T00:00:00.000Z" as Instant;

function entryAfter(drive: Drive) {
  const entry = entryOf(drive.plan, drive.state);
  if (entry === undefined) throw new Error("nothing was deployed");
  return entry;
}

describe("an entry in the log of deployments", () => {
  it("is not there before anything has started, nor for what was given up before it", () => {
    const drive = new Drive(samplePlan(), EVE);
    expect(entryOf(drive.plan, drive.state)).toBeUndefined();
    drive.person({ type: "Abort" });
    expect(entryOf(drive.plan, drive.state)).toBeUndefined();
  });

  it("says what was deployed where, by whom, with whose approval, and what came of it", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(({ status }) => status === "reviewing", LATER);
    const entry = entryAfter(drive);
    expect(entry).toMatchObject({
      release: drive.plan.id,
      environment: "Production",
      outcome: "deployed",
      plan: planDigest(drive.plan),
      operator: drive.state.requester,
      changeClass: "standard",
      validations: { failed: 0, open: 0 },
    });
    expect(entry.approvals.map(({ role }) => role).sort()).toEqual(
      drive.plan.approvals.map(({ role }) => role).sort(),
    );
    expect(entry.components[0]).toMatchObject({ percent: 100, strategy: "phased" });
    expect(entry.rollback).toBeUndefined();
  });

  it("of a rollback says when, why and how long", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(({ steps }) => Object.values(steps).some(({ status }) => status === "watching"), LATER);
    drive.person({ type: "Rollback" }, "the board asked for it");
    drive.runUntil(({ status }) => status === "rolled-back", LATER);
    expect(entryAfter(drive)).toMatchObject({
      outcome: "rolled-back",
      rollback: { cause: expect.stringContaining("board"), took: expect.any(String), left: [] },
    });
  });

  it("is written with the events that change it, and with no others", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(({ status }) => status === "reviewing", LATER);
    const changed = drive.log.filter(
      (record) => claimsOf(drive.plan, drive.state, [record]).deployed !== undefined,
    );
    expect(new Set(changed.map(({ event }) => event.type))).toEqual(
      new Set(["ReleaseStarted", "RolledOut", "ReviewOpened"]),
    );
  });

  it("carries commit and artifacts where the plan has them; a plan that has none keeps its digest", () => {
    const plan = samplePlan();
    const [first, ...others] = plan.components;
    if (first === undefined) throw new Error("no component");
    const told = { ...first, commit: "1f0c2ab", artifacts: ["api@sha256:abc"] };
    const drive = new Drive({ ...plan, components: [told, ...others] }, EVE);
    drive.openGates();
    drive.runUntil(({ startedAt }) => startedAt !== undefined, LATER);
    expect(entryAfter(drive).components[0]).toMatchObject({
      commit: "1f0c2ab",
      artifacts: ["api@sha256:abc"],
    });
    expect(JSON.stringify(plan)).not.toContain("artifacts");
  });
});

describe("the log as a table", () => {
  const drive = new Drive(samplePlan({ title: '=HYPERLINK("http://x")' }), EVE);
  drive.openGates();
  drive.runUntil(({ startedAt }) => startedAt !== undefined, LATER);
  const entry = entryAfter(drive);

  it("has a row a component, and as many cells in each as there are columns", () => {
    const [head, ...rows] = deploymentsCsv([entry]).trimEnd().split("\r\n");
    expect(head).toMatch(/^release,environment,outcome,started_at,/);
    expect(rows).toHaveLength(entry.components.length);
    expect(deploymentsCsv([])).toBe(`${head}\r\n`);
  });

  it("holds no formula, and quotes what has to be quoted", () => {
    const forged = { ...entry, environment: "=1+1", change: 'a "b", c\nd', release: "-2" };
    const csv = deploymentsCsv([forged], () => "@name");
    expect(csv).toContain("'-2,'=1+1,");
    expect(csv).toContain('"a ""b"", c\nd"');
    expect(csv).toContain(",'@name,");
  });

  it("is a line of JSON each", () => {
    const text = deploymentsJsonLines([entry, entry]);
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((one) => JSON.parse(one)),
    ).toEqual([entry, entry]);
  });
});
