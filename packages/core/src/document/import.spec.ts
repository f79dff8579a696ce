import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPhase } from "../step/schema.ts";
import { importDocuments } from "./import.ts";

const OVERVIEW = `# Plan

## Release overview

| Field | Value |
|---|---|
| Plan ID | REL-9 |
| Start Date (UTC) | 2026-03-10 02:00 |
`;

const PHASES = `
## Phases

| Phase | Component | % Traffic | Start | Window | Owner | Mechanism |
|---|---|---|---|---|---|---|
| 1 | API | 10 % | T | 15 min | Ops | Lambda alias |
| 2 | API | 100 % | T+20 min | 30 min | Ops | Lambda alias |
`;

function read(text: string, name = "plan.md") {
  return importDocuments([{ name, text }]);
}

function found(text: string): string[] {
  return read(text).findings.map(({ severity, line, code }) => `${line} ${severity} ${code}`);
}

describe("spellings that people and word processors use", () => {
  const offsets: [string, string][] = [
    ["T", "T"],
    ["T+0", "T"],
    ["T‑30 min", "T-30m"],
    ["T–30 min", "T-30m"],
    ["T−30\u00a0min", "T-30m"],
    ["T+2.5h", "T+2h30m"],
    ["T + 30 min", "T+30m"],
    ["T+1h&nbsp;30m", "T+1h30m"],
    ["`T+4 h`", "T+4h"],
    ["**T-1 d**", "T-1d"],
    ["2026-03-10 02:20", "T+20m"],
  ];
  it.each(offsets)("reads the offset %s", (written, at) => {
    const row = `\n## Timeline\n\n| T-Offset | Action | Owner |\n|---|---|---|\n| ${written} | Look around | Ops |\n`;
    const { plan } = read(OVERVIEW + PHASES + row);
    expect(plan?.steps.find((step) => step.id === "look-around")?.at).toBe(at);
  });

  const shares: [string, number, string][] = [
    ["10 %", 10, "traffic"],
    ["10%", 10, "traffic"],
    ["12.5\u202f%", 12.5, "traffic"],
    ["25 % users", 25, "users"],
    ["50", 50, "traffic"],
  ];
  it.each(shares)("reads the share %s", (written, percent, of) => {
    const { plan } = read(OVERVIEW + PHASES.replace("| 10 % |", `| ${written} |`));
    expect(plan?.steps.find(isPhase)).toMatchObject({ percent, of });
  });

  const thresholds: [string, string][] = [
    ["≤ 2.5 s", "<= 2.5 s"],
    ["≥ 99.5 %", ">= 99.5 %"],
    ["below 1%", "< 1 %"],
    ["at most 300 ms", "<= 300 ms"],
    ["≥&nbsp;4.5 stars (24&nbsp;h)", ">= 4.5 stars (1 day)"],
  ];
  it.each(thresholds)("reads the threshold %s", (written, threshold) => {
    const table = `\n## Metrics\n\n| KPI | Goal | Owner |\n|---|---|---|\n| Something | ${written} | Ops |\n`;
    expect(read(OVERVIEW + PHASES + table).plan?.metrics[0]?.threshold).toBe(threshold);
  });

  it("knows tables by their columns, under any heading and in any order", () => {
    const shuffled = `
## What we do

| Responsible | Traffic | Service | Start time (UTC) | Bake time | Stage |
|---|---|---|---|---|---|
| Ops | 10 % | API | T | 15 min | 1 |
`;
    const phase = read(OVERVIEW + shuffled).plan?.steps.find(isPhase);
    expect(phase).toMatchObject({
      owner: "Ops",
      percent: 10,
      component: "api",
      at: "T",
      watch: "15m",
      phase: "1",
    });
  });
});

describe("what two documents say of one thing", () => {
  const runbook = (at: string, owner = "Ops") => ({
    name: "runbook.md",
    text: `# Runbook\n\n## Timeline\n\n| T-Offset | Action | Command | Expected Output | Owner |\n|---|---|---|---|---|\n| ${at} | Shift API alias \`live\` to 100 % | \`aws lambda update-alias --function-name api --name live\` | Done | ${owner} |\n`,
  });
  const plan = { name: "plan.md", text: OVERVIEW + PHASES };

  it("is one phase, with the runbook's command", () => {
    const result = importDocuments([runbook("T+20 min"), plan]);
    const phases = result.plan?.steps.filter(isPhase) ?? [];
    expect(phases).toHaveLength(2);
    expect(phases[1]).toMatchObject({
      at: "T+20m",
      expect: "Done",
      percent: 100,
      do: "Shift API alias `live` to 100 %",
    });
    expect(phases[1]?.stated).toBeUndefined();
    expect(result.plan?.components[0]?.target).toMatchObject({
      kind: "lambda-alias",
      function: "api",
      alias: "live",
    });
  });

  it("is the release plan's time and owner where they differ, and a warning that names both lines", () => {
    const { plan: merged, findings } = importDocuments([runbook("T+2 h", "DevOps"), plan]);
    expect(merged?.steps.filter(isPhase)[1]).toMatchObject({
      at: "T+20m",
      owner: "Ops",
      stated: { at: "T+2h", owner: "DevOps" },
    });
    const [times] = findings.filter(({ code }) => code === "document.times-differ");
    expect(times).toMatchObject({ severity: "warning", file: "runbook.md", line: 7 });
    expect(times?.message).toContain("plan.md:15");
  });
});

describe("what is not understood", () => {
  it("is named with its line: a table, a column, a row, a value", () => {
    const text = `${OVERVIEW}${PHASES.replace("| 100 % |", "| most |")}
## Weather

| Cloud | Rain |
|---|---|
| grey | some |

## Metrics

| Metric | Target | Owner | Mood |
|---|---|---|---|
| Latency | fast enough | Ops | good |
`;
    const { findings } = read(text);
    const said = findings
      .filter(({ severity }) => severity === "not-understood")
      .map(({ line, code }) => `${line} ${code}`);
    expect(said).toEqual([
      "15 document.phase",
      "19 document.table",
      "21 document.row",
      "25 document.column",
      "27 document.metric",
    ]);
  });

  it("leaves a plan that lacks what nothing else can stand for, and says what to write", () => {
    expect(found("# A plan\n")).toContain("1 error document.no-start");
    const { findings, plan } = read("# A plan\n");
    expect(plan).toBeUndefined();
    expect(findings.every(({ severity, instead }) => severity !== "error" || instead !== undefined)).toBe(
      true,
    );
  });

  it("takes what is missing from its caller", () => {
    const { plan } = importDocuments([{ name: "r.md", text: PHASES }], {
      date: "2026-01-01 10:00",
      id: "REL 7/a",
    });
    expect(plan).toMatchObject({ id: "REL-7-a", start: "2026-01-01T10:00:00.000Z" });
    const wrong = importDocuments([{ name: "r.md", text: PHASES }], { date: "soon" });
    expect(wrong.findings[0]).toMatchObject({ severity: "error", code: "document.date" });
  });
});

describe("lists with boxes", () => {
  it("are a checklist where their heading says so, and text elsewhere", () => {
    const list = "\n## Prerequisites\n\n- [ ] Backup is taken\n- [x] Change `CHG-1` is open\n- Other\n";
    const { plan } = read(`${OVERVIEW}${PHASES}${list}\n## Post-release checklist\n\n- [ ] Lunch\n`);
    expect(plan?.checklist.map(({ check, role }) => [check, role])).toEqual([
      ["Backup is taken", "Release Manager"],
      ["Change `CHG-1` is open", "Release Manager"],
    ]);
    expect(plan?.notes.map(({ text }) => text)).toEqual(["- Other", "- [ ] Lunch"]);
  });
});

describe("a checklist for after the deployment", () => {
  it("does not keep it from starting", () => {
    const table =
      "\n## Post-deployment checklist\n\n| Check | Responsible |\n|---|---|\n| All is well | Ops |\n";
    const { plan, findings } = read(OVERVIEW + PHASES + table);
    expect(plan?.checklist).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ code: "document.late-check", line: 21 }));
  });
});

describe("messages that claim a share", () => {
  const message = (text: string) =>
    read(
      `${OVERVIEW}${PHASES}\n## Messages\n\n| Time | Audience | Message |\n|---|---|---|\n| T+2 h | All | ${text} |\n`,
    ).plan?.messages[0]?.needs;
  it("wait until it is shifted, or until it has passed where they say that it went well", () => {
    expect(message("Live to 10 %")).toEqual(["phase-1:shifted"]);
    expect(message("100 % done")).toEqual(["phase-2"]);
    expect(message("On its way")).toEqual([]);
    expect(message("Live to 30 %")).toEqual([]);
  });
});

describe("documents that are damaged or made to do harm", () => {
  const cases: [string, string, string][] = [
    ["a NUL byte", `${OVERVIEW}\u0000`, "document.not-text"],
    ["fifty megabytes", "a|b\n".repeat(12_500_000), "document.too-large"],
    [
      "thousands of rows",
      `${PHASES}${"| 1 | API | 10 % | T | 15 min | Ops | x |\n".repeat(5_000)}`,
      "document.rows",
    ],
    ["a million brackets", "[".repeat(300_000), "document.tangled"],
    ["quotes in quotes", `${">".repeat(5_000)} a`, "document.tangled"],
    ["lists in lists", `${"- ".repeat(5_000)}a`, "document.tangled"],
    ["ten thousand columns", `${"|a".repeat(10_000)}|\n${"|-".repeat(10_000)}|\n`, "document.tangled"],
    ["a column called 300,000 brackets", `| ${"( ".repeat(150_000)}|\n|---|\n| a |\n`, "document.table"],
    ["HTML in place of a table", `${OVERVIEW}\n<table><tr><td>T</td></tr></table>\n`, "document.html"],
    [
      "settings that are no YAML",
      `${OVERVIEW}${PHASES}\n\`\`\`yaml gonogo\n{ a: [\n\`\`\`\n`,
      "document.settings",
    ],
    [
      "settings full of aliases",
      `${OVERVIEW}${PHASES}\n\`\`\`yaml gonogo\na: &a [x]\nb: *a\n\`\`\`\n`,
      "document.settings",
    ],
  ];
  it.each(cases)("%s: a finding that names the place, in bounded time", (_, text, code) => {
    const start = performance.now();
    const { findings } = read(text);
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(findings.every(({ file, line, column }) => file !== "" && line >= 1 && column >= 1)).toBe(true);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it("reads through a byte order mark, CRLF and headings that come twice", () => {
    const twice = `${PHASES}${PHASES.replaceAll("API", "Worker").replace("## Phases", "## Phases")}`;
    const { plan } = read(`\uFEFF${(OVERVIEW + twice).replaceAll("\n", "\r\n")}`);
    expect(plan?.components.map(({ id }) => id)).toEqual(["api", "worker"]);
    expect(plan?.steps).toHaveLength(4);
  });

  it("never throws, however a document is cut off or mangled", () => {
    const whole = OVERVIEW + PHASES;
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(whole.length),
        fc.string({ unit: "binary", maxLength: 12 }),
        (from, to, noise) => {
          const [a, b] = [Math.min(from, to), Math.max(from, to)];
          for (const text of [whole.slice(0, a), whole.slice(0, a) + noise + whole.slice(b)]) {
            const { plan, findings } = read(text);
            expect(plan !== undefined || findings.some(({ severity }) => severity === "error")).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("has no document to read when it is given none", () => {
    expect(importDocuments([]).findings).toMatchObject([{ severity: "error", code: "document.none" }]);
  });
});
