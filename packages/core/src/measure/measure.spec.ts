import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { measuresCsv } from "./csv.ts";
import { measured, measuredBy, selected, spread } from "./gather.ts";
import { type Measure, measureOf } from "./measure.ts";
import { OPENMETRICS_TYPE, openMetrics } from "./openmetrics.ts";
import { nextPeriod, PERIODS, periodStart, periodsBetween } from "./periods.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-12-31T00:00:00.000Z" as Instant;
const MINUTE = 60_000;
const at = (text: string) => `${text}Z` as Instant;

function release(change: Partial<Measure> & { at: Instant }): Measure {
  return {
    release: `REL-${change.at}`,
    title: "Sample",
    environment: "Production",
    components: ["api"],
    changeClass: "standard",
    deployed: true,
    failed: false,
    smoke: { passed: 0, total: 0 },
    gateMs: {},
    ...change,
  };
}

function running(change = {}): Drive {
  const drive = new Drive(samplePlan(change), EVE);
  drive.openGates();
  drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
  return drive;
}

describe("what is kept of a release", () => {
  it("is nothing before it is over", () => {
    expect(measureOf(running().plan, running().state)).toBeUndefined();
  });

  it("of one that was rolled out: lead time from its commit, duration from T, what the gates waited", () => {
    const commit = { sha: "0a1b2c3d", at: "2025-06-03T02:00:00Z" };
    const drive = new Drive(samplePlan({ commit }), EVE);
    drive.now = fromMillis(toMillis(drive.now) + 10 * MINUTE);
    drive.ask(person("o", "Ops"), { type: "AnswerCheck", check: "signed", answer: "yes" });
    drive.now = fromMillis(toMillis(drive.now) + 5 * MINUTE);
    for (const role of ["CTO", "Security"]) {
      drive.ask(person(role, role), { type: "Approve", role, plan: drive.state.plan });
    }
    drive.runUntil(({ status }) => status === "reviewing", END);
    const done = drive.state.rolledOutAt ?? END;
    const kept = measureOf(drive.plan, drive.state);
    expect(kept).toMatchObject({
      at: done,
      deployed: true,
      failed: false,
      leadMs: toMillis(done) - toMillis(at("2025-06-03T02:00:00.000")),
      durationMs: toMillis(done) - toMillis(drive.state.t ?? END),
      gateMs: { Ops: 10 * MINUTE, CTO: 15 * MINUTE, Security: 15 * MINUTE },
    });
    expect(kept?.restoreMs).toBeUndefined();
    drive.person({ type: "SignReview", role: "Release Manager", entries: {} });
    expect(measureOf(drive.plan, drive.state)).toEqual(kept);
    expect(JSON.stringify(kept).length).toBeLessThan(1_000);
  });

  it("of one that was rolled back: failed, restored from the first sign, and how long the rollback took", () => {
    const drive = running();
    drive.signal({ name: "Api5xx" });
    drive.now = fromMillis(toMillis(drive.now) + 4 * MINUTE);
    drive.settle();
    expect(measureOf(drive.plan, drive.state)).toMatchObject({
      deployed: true,
      failed: true,
      restoreMs: 4 * MINUTE,
      rollbackMs: 4 * MINUTE,
    });
    expect(measureOf(drive.plan, drive.state)?.leadMs).toBeUndefined();
  });

  it("of an incident that was mended forward: failed, and restored when a person said so", () => {
    const drive = running();
    drive.person({ type: "DeclareIncident", summary: "it is slow" });
    drive.runUntil(({ status }) => status === "reviewing", END);
    expect(measureOf(drive.plan, drive.state)?.restoreMs).toBeUndefined();
    drive.person({ type: "ResolveIncident", how: "a flag" });
    const { openedAt, resolvedAt } = drive.state.incident ?? {};
    expect(measureOf(drive.plan, drive.state)).toMatchObject({
      failed: true,
      restoreMs: toMillis(resolvedAt ?? END) - toMillis(openedAt ?? END),
    });
  });

  it("of one that was aborted before it shifted: not a deployment, and no failure", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.person({ type: "Abort" }, "no longer wanted");
    expect(measureOf(drive.plan, drive.state)).toMatchObject({ deployed: false, failed: false });
  });
});

describe("periods", () => {
  it.each([
    ["day", "2025-06-04T00:00:00.000", "2025-06-04T00:00:00.000"],
    ["day", "2025-06-04T23:59:59.999", "2025-06-04T00:00:00.000"],
    ["week", "2025-06-08T23:59:59.999", "2025-06-02T00:00:00.000"],
    ["week", "2025-06-09T00:00:00.000", "2025-06-09T00:00:00.000"],
    ["week", "2025-01-01T12:00:00.000", "2024-12-30T00:00:00.000"],
    ["month", "2025-01-31T23:59:59.999", "2025-01-01T00:00:00.000"],
    ["month", "2024-02-29T12:00:00.000", "2024-02-01T00:00:00.000"],
    // The nights in which clocks are put on and back in Europe, and in America.
    ["day", "2025-03-30T01:30:00.000", "2025-03-30T00:00:00.000"],
    ["day", "2025-10-26T01:30:00.000", "2025-10-26T00:00:00.000"],
    ["week", "2025-11-02T23:30:00.000", "2025-10-27T00:00:00.000"],
  ] as const)("the %s of %s begins at %s", (by, moment, start) => {
    expect(periodStart(at(moment), by)).toBe(at(start));
  });

  it("follow one another without a gap, and each moment is in exactly one", () => {
    const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }).map(fromMillis);
    fc.assert(
      fc.property(moment, moment, fc.constantFrom(...PERIODS), (a, b, by) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const periods = periodsBetween(from, to, by).slice(0, 50);
        for (const [index, period] of periods.entries()) {
          expect(period.to).toBe(nextPeriod(period.from, by));
          expect(periodStart(period.from, by)).toBe(period.from);
          if (index > 0) expect(period.from).toBe(periods[index - 1]?.to);
        }
        if (from < to) expect(periods[0]?.from).toBe(periodStart(from, by));
      }),
      { numRuns: 200 },
    );
  });
});

describe("measuring", () => {
  const MEASURES = [
    release({
      at: at("2025-01-31T23:59:59.999"),
      leadMs: 1000,
      durationMs: 30 * MINUTE,
      smoke: { passed: 19, total: 20 },
    }),
    release({
      at: at("2025-02-01T00:00:00.000"),
      leadMs: 3000,
      durationMs: 90 * MINUTE,
      smoke: { passed: 20, total: 20 },
    }),
    release({
      at: at("2025-02-03T12:00:00.000"),
      failed: true,
      restoreMs: 8 * MINUTE,
      rollbackMs: 5 * MINUTE,
      components: ["api", "app"],
      environment: "Staging",
      gateMs: { CTO: 7000 },
    }),
    release({ at: at("2025-02-04T12:00:00.000"), deployed: false, gateMs: { CTO: 9000 } }),
  ];

  it("counts what is in the period and nothing else, to the millisecond", () => {
    const months = measuredBy(
      MEASURES,
      { from: at("2025-01-01T00:00:00.000"), to: at("2025-03-01T00:00:00.000") },
      "month",
    );
    expect(months.map(({ from, deployments }) => [from.slice(0, 7), deployments])).toEqual([
      ["2025-01", 1],
      ["2025-02", 2],
    ]);
    expect(months[1]).toMatchObject({
      perDay: 2 / 28,
      failures: 1,
      changeFailureRatio: 0.5,
      leadTime: { count: 1, median: 3000, p90: 3000 },
      timeToRestore: { median: 8 * MINUTE },
      rollback: { median: 5 * MINUTE, withinTargetRatio: 1 },
      duration: { median: 90 * MINUTE, withinTargetRatio: 0 },
      smokePassRatio: 1,
      gateWait: { CTO: { count: 2, median: 8000, p90: 9000 } },
    });
  });

  it("does not count what lies outside of what was asked for, although the period reaches there", () => {
    const weeks = measuredBy(
      MEASURES,
      { from: at("2025-02-01T00:00:00.000"), to: at("2025-02-04T00:00:00.000") },
      "week",
    );
    expect(weeks.map(({ deployments }) => deployments)).toEqual([1, 1]);
  });

  it("has a line for a period in which nothing was deployed, and no ratio there", () => {
    const [line] = measuredBy(
      [],
      { from: at("2025-02-03T00:00:00.000"), to: at("2025-02-04T00:00:00.000") },
      "day",
    );
    expect(line).toEqual({
      from: "2025-02-03T00:00:00.000Z",
      to: "2025-02-04T00:00:00.000Z",
      deployments: 0,
      perDay: 0,
      failures: 0,
      gateWait: {},
    });
  });

  it("is of one component or environment where that is asked", () => {
    expect(selected(MEASURES, { component: "app" })).toHaveLength(1);
    expect(selected(MEASURES, { environment: "Staging", component: "api" })).toHaveLength(1);
    expect(selected(MEASURES, {})).toHaveLength(4);
  });

  it.each([
    [[], undefined],
    [[5], { count: 1, median: 5, p90: 5 }],
    [[1, 3], { count: 2, median: 2, p90: 3 }],
    [[9, 1, 5], { count: 3, median: 5, p90: 9 }],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { count: 10, median: 5.5, p90: 9 }],
  ])("the spread of %j is %j", (lengths, expected) => {
    expect(spread(lengths)).toEqual(expected);
  });

  it("as CSV has a heading, a line a period, and no cell that a spreadsheet would calculate", () => {
    const months = measuredBy(
      MEASURES,
      { from: at("2025-01-01T00:00:00.000"), to: at("2025-03-01T00:00:00.000") },
      "month",
    );
    const lines = measuresCsv(months).split("\r\n");
    expect(lines).toHaveLength(4);
    const [head = "", january = "", february = ""] = lines;
    expect(head.split(",").at(-1)).toBe("gate_wait_median_s CTO");
    const column = (line: string, name: string) => line.split(",")[head.split(",").indexOf(name)];
    expect([column(january, "deployments"), column(january, "lead_time_median_s")]).toEqual(["1", "1"]);
    expect([column(february, "change_failure_ratio"), column(february, "gate_wait_median_s CTO")]).toEqual([
      "0.5",
      "8",
    ]);
    const odd = measured([release({ at: at("2025-01-02T00:00:00.000"), gateMs: { '=1+1,"x"': 1000 } })], {
      from: at("2025-01-01T00:00:00.000"),
      to: at("2025-02-01T00:00:00.000"),
    });
    expect(measuresCsv([odd]).split("\r\n")[0]).toContain('"gate_wait_median_s =1+1,""x"""');
  });
});

/** The part of OpenMetrics 1.0 that gauges use, read strictly: throws where the text is not of it. */
function readOpenMetrics(text: string) {
  if (!text.endsWith("# EOF\n")) throw new Error("it does not end with # EOF");
  const families = new Map<
    string,
    { type?: string; unit?: string; help?: string; samples: Map<string, number> }
  >();
  const closed = new Set<string>();
  let current = "";
  for (const line of text.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const about = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    const sample =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(
        line,
      );
    const name = about?.[2] ?? sample?.[1];
    if (name === undefined) throw new Error(`no line of OpenMetrics: ${line}`);
    if (name !== current) {
      if (closed.has(name)) throw new Error(`the lines of ${name} do not stand together`);
      closed.add(current);
      current = name;
    }
    const family = families.get(name) ?? { samples: new Map<string, number>() };
    families.set(name, family);
    if (about !== null) {
      if (family.samples.size > 0) throw new Error(`${name} is described after its samples`);
      const [, what = "", , said = ""] = about;
      const key = what.toLowerCase() as "type" | "unit" | "help";
      if (family[key] !== undefined) throw new Error(`${name} has two lines of ${what}`);
      family[key] = said;
      if (key === "unit" && !name.endsWith(`_${said}`)) throw new Error(`${name} does not end with its unit`);
    } else if (sample !== null) {
      const labels = sample[2] ?? "";
      const names = [...labels.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="/g)].map(([, one]) => one);
      if (new Set(names).size !== names.length) throw new Error(`${name} has a label twice`);
      if (family.samples.has(labels)) throw new Error(`${name}{${labels}} stands there twice`);
      family.samples.set(labels, Number(sample[3]));
    }
  }
  for (const [name, { type }] of families) if (type !== "gauge") throw new Error(`${name} has no type`);
  return families;
}

describe("OpenMetrics", () => {
  const range = { from: at("2025-01-01T00:00:00.000"), to: at("2025-01-31T00:00:00.000") };
  const kept = measured(
    [
      release({
        at: at("2025-01-02T00:00:00.000"),
        leadMs: 90_000,
        durationMs: 60 * MINUTE,
        gateMs: { 'He said "no\\yes"\nthen': 1000 },
      }),
      release({ at: at("2025-01-03T00:00:00.000"), failed: true, restoreMs: 1500, rollbackMs: 301_000 }),
    ],
    range,
  );
  const text = openMetrics([
    { component: "api", environment: "Production", measured: kept },
    { component: "app", environment: "Production", measured: measured([], range) },
  ]);

  it("is what a strict reader takes, with every value", () => {
    const families = readOpenMetrics(text);
    const of = (name: string, labels: string) => families.get(name)?.samples.get(labels);
    const api = 'component="api",environment="Production"';
    expect(of("gonogo_deployments", api)).toBe(2);
    expect(of("gonogo_deployments", 'component="app",environment="Production"')).toBe(0);
    expect(of("gonogo_change_failure_ratio", api)).toBe(0.5);
    expect(of("gonogo_lead_time_seconds", `${api},stat="median"`)).toBe(90);
    expect(of("gonogo_time_to_restore_seconds", `${api},stat="p90"`)).toBe(1.5);
    expect(of("gonogo_rollback_within_target_ratio", api)).toBe(0);
    expect(of("gonogo_release_within_target_ratio", api)).toBe(1);
    expect(families.get("gonogo_lead_time_seconds")?.unit).toBe("seconds");
    expect([...(families.get("gonogo_gate_wait_seconds")?.samples.keys() ?? [])][0]).toContain(
      'role="He said \\"no\\\\yes\\"\\nthen"',
    );
    expect(OPENMETRICS_TYPE).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  });

  it("of nothing is its end alone", () => {
    expect(openMetrics([])).toBe("# EOF\n");
    expect(readOpenMetrics(openMetrics([])).size).toBe(0);
  });

  it.each([
    ["without its end", text.replace("# EOF\n", "")],
    ["with a sample twice", text.replace(/(gonogo_deployments\{.*\n)/, "$1$1")],
    ["with a bare label", text.replace('component="api"', "component=api")],
  ])("%s is not taken by this reader", (_, broken) => {
    expect(() => readOpenMetrics(broken)).toThrow();
  });
});
