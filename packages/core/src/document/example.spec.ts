import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { offsetOf } from "../kit/offset.ts";
import { hasErrors } from "../kit/problem.ts";
import { lintPlan } from "../plan/lint/index.ts";
import { planDigest, readPlan } from "../plan/read.ts";
import type { Plan } from "../plan/schema.ts";
import { writePlan } from "../plan/write.ts";
import { Drive } from "../testing/drive.ts";
import { filledIn } from "../testing/templates.ts";
import { formatFinding } from "./findings.ts";
import { importDocuments } from "./import.ts";
import { finish } from "./testing.ts";

const folder = new URL("../../../../examples/checkout/", import.meta.url);
const templates = new URL("../../../../../shared/seeds/", import.meta.url);
const RUNBOOK = "000_e7cb0cdcda039e3e.txt";
const RELEASE_PLAN = "003_e4e72f7e290be6d8.txt";
const END = "2027-01-01T00:00:00.000Z" as Instant;

function read(name: string, from = folder): { name: string; text: string } {
  return { name, text: readFileSync(new URL(name, from), "utf8") };
}

function planOf(files: { name: string; text: string }[], options = {}): Plan {
  const { plan, findings } = importDocuments(files, options);
  if (plan === undefined) throw new Error(findings.map(formatFinding).join("\n"));
  return plan;
}

/** The times at which the phases' shares were asked for. */
function shifts(drive: Drive): Record<string, string> {
  return Object.fromEntries(
    drive.log.flatMap(({ event, at }) =>
      event.type === "ShiftDone" ? [[event.step, offsetOf(drive.state.t ?? at, at) as string]] : [],
    ),
  );
}

function driven(plan: Plan): Drive {
  const drive = new Drive(plan, new Date(Date.parse(plan.start) - 3_600_000).toISOString() as Instant);
  drive.openGates();
  return drive;
}

const TIMES = {
  "phase-1": "T",
  "phase-2": "T+20m",
  "phase-3": "T+30m",
  "phase-4": "T+2h30m",
  "phase-5": "T+6h30m",
};

describe("the example documents", () => {
  const files = [read("runbook.md"), read("release-plan.md")];

  it("make the plan beside them, as the importer writes it", () => {
    const plan = planOf(files);
    const written = writePlan(plan, ["The plan that runbook.md and release-plan.md make together."]);
    expect(read("plan.yaml").text).toBe(written);
    const back = readPlan(written, "plan.yaml");
    expect(back.problems).toEqual([]);
    expect(back.plan && planDigest(back.plan)).toBe(planDigest(plan));
  });

  it("make the same plan in either order", () => {
    expect(planDigest(planOf(files.toReversed()))).toBe(planDigest(planOf(files)));
  });

  it("have no error, and nothing in them that is not understood", () => {
    const { findings } = importDocuments(files);
    expect(findings.filter(({ severity }) => severity === "error" || severity === "not-understood")).toEqual(
      [],
    );
    expect(hasErrors(lintPlan(planOf(files)))).toBe(false);
  });

  it("run from the freeze to the signed review, the API's phases at their times and the app's at Apple's", () => {
    const drive = driven(planOf(files));
    expect(drive.runUntil((state) => state.status === "validating", END)).toBe(true);
    expect(shifts(drive)).toEqual(TIMES);
    expect(drive.log.filter(({ event }) => event.type === "PhasePassed")).toHaveLength(5);
    finish(drive);
    expect(drive.state.status).toBe("completed");
    expect(
      Object.values(drive.state.messages).filter(({ status }) => status === "due").length,
    ).toBeGreaterThan(3);
  });

  it("go back when the alarm fires at T+17 min: the branch is unfrozen, the API's stage asked for", () => {
    const drive = driven(planOf(files));
    drive.runUntil(() => drive.now >= drive.at(16), drive.at(17));
    drive.now = drive.at(17);
    drive.signal({ name: "API5xxAlarm" });
    drive.runUntil((state) => state.status === "rolled-back", END);
    expect(drive.state.rollback?.items.map(({ id }) => id)).toEqual([
      "orders-api",
      "undo-freeze-merges-to-main",
      "asked-api-gateway-stage",
    ]);
    expect(drive.state.components["shop-app"]?.touched).toBe(false);
  });

  it("are each a plan of their own", () => {
    const [runbook, releasePlan] = files as [(typeof files)[0], (typeof files)[0]];
    const alone = planOf([runbook], { date: "2026-03-10 02:00", id: "REL-1" });
    expect(alone.steps.filter(({ kind }) => kind === "phase")).toHaveLength(4);
    expect(hasErrors(lintPlan(alone))).toBe(false);
    const plan = planOf([releasePlan]);
    expect(plan.steps).toHaveLength(5);
    expect(plan.components.map(({ target }) => target.kind)).toEqual(["manual", "app-store"]);
    expect(hasErrors(lintPlan(plan))).toBe(false);
  });
});

const hasTemplates = existsSync(new URL(RUNBOOK, templates)) && existsSync(new URL(RELEASE_PLAN, templates));

describe.skipIf(!hasTemplates)("the runbook template and the release plan template, filled in", () => {
  const files = hasTemplates
    ? [RUNBOOK, RELEASE_PLAN].map((name) => ({ name, text: filledIn(read(name, templates).text) }))
    : [];

  it("make a plan in which nothing is not understood, and lint finds no error", () => {
    const { findings } = importDocuments(files);
    expect(findings.filter(({ severity }) => severity === "error" || severity === "not-understood")).toEqual(
      [],
    );
    expect(lintPlan(planOf(files)).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("hold every row of every table", () => {
    const plan = planOf(files);
    const counts = {
      checks: plan.checklist.length,
      environments: plan.environments.length,
      phases: plan.steps.filter(({ kind }) => kind === "phase").length,
      rows: plan.steps.filter(({ kind }) => kind !== "phase").length,
      validations: plan.validations.length,
      rollback: plan.rollback.length,
      metrics: plan.metrics.length,
      triggers: plan.triggers.length,
      messages: plan.messages.length,
      approvals: plan.approvals.length,
    };
    expect(counts).toEqual({
      checks: 5,
      environments: 2,
      phases: 5,
      rows: 5,
      validations: 4,
      rollback: 3,
      metrics: 5,
      triggers: 4,
      messages: 4,
      approvals: 4,
    });
    expect(plan.triggers.map(({ respond }) => respond)).toEqual(["rollback", "rollback", "reduce", "notify"]);
    expect(plan.components[0]?.target).toMatchObject({ kind: "lambda-alias", alias: "prod" });
    expect(plan.rehearsal).toEqual({ environment: "staging", withinDays: 7, lastOn: "2025-05-30" });
    expect(plan.roles.find(({ name }) => name === "CTO")?.people).toEqual(["C. Lane"]);
    expect(JSON.stringify(plan)).not.toContain("signed|");
  });

  it("explain their alias commands and what the App Store cannot do", () => {
    const codes = importDocuments(files).findings.map(({ code }) => code);
    for (const code of [
      "alias-shorthand",
      "alias-primary-stays",
      "alias-weight-one",
      "store-rollback",
      "app-store-curve",
    ]) {
      expect(codes).toContain(`document.${code}`);
    }
    expect(codes.filter((code) => code === "document.times-differ")).toHaveLength(1);
  });

  it("run at the times that the release plan states", () => {
    const drive = driven(planOf(files));
    expect(drive.runUntil((state) => state.status === "validating", END)).toBe(true);
    expect(shifts(drive)).toEqual(TIMES);
  });
});
