import { describe, expect, it } from "vitest";
import { lintPlan } from "../../plan/lint/index.ts";
import { exportMarkdown } from "../export/index.ts";
import { importDocuments } from "../import.ts";

const DOCUMENT = `# Release plan

## Release overview

| Field | Value |
|---|---|
| Plan ID | REL-9 |
| Start Date (UTC) | 2025-06-04 02:00 |

## Rollout phases

| Phase | Component | % Traffic | Start Time | Monitoring Window | Owner |
|---|---|---|---|---|---|
| 1 | API (Lambda) | 10 % | T | 15 min | Ops |

## Metrics

| Metric | Threshold | Monitoring Tool | Owner |
|---|---|---|---|
| Error rate | < 0.5 % | CloudWatch Alarm \`ErrorRate\` | Ops |
| p99 latency | < 2 s | CloudWatch Alarm \`Latency\` | Ops |
| Smoke tests | >= 19 of 20 | people | QA |

## When it looks bad

**PUT IT BACK: IMMEDIATE ROLLBACK**

- Error rate >5% sustained for >1 minute
- The database is corrupt

**EVALUATE ROLLBACK:**

- Smoke tests <19/20 passing (95% threshold)
- p99 latency >5s sustained for >10 minutes
- Queue depth > 500 for 5 min

**NO ROLLBACK (FIX FORWARD):**

- Cosmetic faults
- Error rate <0.5%

Look at all of them together.
`;

const read = (text = DOCUMENT) => importDocuments([{ name: "plan.md", text }]);
const lineOf = (text: string) => DOCUMENT.split("\n").findIndex((line) => line.includes(text)) + 1;

describe("the lists of a decision matrix", () => {
  it("become triggers where they are exact", () => {
    const { plan } = read();
    expect(
      plan?.triggers.map(({ when, respond, metric, owner }) => ({ when, respond, metric, owner })),
    ).toEqual([
      { when: "Error rate > 5 % for 1 min", respond: "rollback", metric: "error-rate", owner: "Ops" },
      { when: "Smoke tests < 19 of 20", respond: "evaluate", metric: "smoke-tests", owner: "QA" },
      { when: "p99 latency > 5 s for 10 min", respond: "evaluate", metric: "p99-latency", owner: "Ops" },
    ]);
    expect(plan && lintPlan(plan).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("name what is not exact, with its line and what to write", () => {
    const { problems: findings } = read();
    const missed = findings.filter(({ code }) => code.endsWith("matrix"));
    expect(missed.map(({ place }) => place?.line)).toEqual([
      lineOf("The database is corrupt"),
      lineOf("Queue depth"),
    ]);
    expect(missed[0]?.message).toContain("no comparison");
    expect(missed[1]?.message).toContain('nothing measures "Queue depth"');
    const forward = findings.filter(({ code }) => code.endsWith("fix-forward"));
    expect(forward.map(({ place }) => place?.line)).toEqual([lineOf("Cosmetic"), lineOf("Error rate <0.5%")]);
  });

  it("take what is to be mended on the way for that, where a number says when", () => {
    const { plan } = read(
      DOCUMENT.replace("- Cosmetic faults", "- Cosmetic faults\n- Error rate > 0.7 % for 10 min"),
    );
    expect(plan?.triggers.at(-1)).toMatchObject({
      when: "Error rate > 0.7 % for 10 min",
      respond: "fix-forward",
    });
    expect(plan && lintPlan(plan).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("keep as text what is no trigger, and nothing twice", () => {
    const { plan } = read();
    const text = plan?.notes.map((note) => note.text).join("\n") ?? "";
    expect(text).toContain("The database is corrupt");
    expect(text).toContain("Cosmetic faults");
    expect(text).not.toContain(">5%");
    if (plan === undefined) throw new Error("no plan");
    const files = exportMarkdown(plan);
    expect(importDocuments(files).plan).toEqual(plan);
    expect(importDocuments(files).plan?.triggers).toHaveLength(3);
  });

  it("add nothing that a table of triggers has already", () => {
    const table = `
## Rollback triggers

| Trigger Condition | Detection Mechanism | Immediate Action | Owner |
|---|---|---|---|
| Error rate > 5 % for 1 min | CloudWatch Alarm \`ErrorRate\` | Roll back | Ops |
`;
    const { plan } = read(DOCUMENT + table);
    expect(plan?.triggers.map(({ when }) => when)).toEqual([
      "Error rate > 5 % for 1 min",
      "Smoke tests < 19 of 20",
      "p99 latency > 5 s for 10 min",
    ]);
  });

  it("are not made of a sentence that speaks of a rollback", () => {
    const text = DOCUMENT.replace("**PUT IT BACK: IMMEDIATE ROLLBACK**", "Ops stays on call for a while:");
    expect(read(text).plan?.triggers.map(({ respond }) => respond)).toEqual(["evaluate", "evaluate"]);
  });
});
