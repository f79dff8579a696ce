import { describe, expect, it } from "vitest";
import { CalendarRules } from "../../calendar/schema.ts";
import { EMPTY_CALENDAR } from "../../calendar/state.ts";
import type { Instant } from "../../kit/instant.ts";
import { phase, samplePlan } from "../../testing/plans.ts";
import { readPlan } from "../read.ts";
import type { PlanInput } from "../schema.ts";
import { writePlan } from "../write.ts";
import { type Around, lintPlan, RULES } from "./index.ts";

/** The sample's steps with one changed. */
function steps(id: string, change: object): NonNullable<PlanInput["steps"]> {
  return samplePlan().steps.map((step) => (step.id === id ? { ...step, ...change } : step)) as never;
}

const [t5xx, tcrash] = samplePlan().triggers;
const live = samplePlan().messages[0];
const manual = { id: "by-hand", kind: "manual" as const, at: "T-1h", do: "Apply it", owner: "Ops" };

const calendarWith = (rules: object) => ({
  ...EMPTY_CALENDAR,
  rules: CalendarRules.parse({ calendar: 1, ...rules }),
});

interface Case {
  readonly name: string;
  readonly change?: Partial<PlanInput>;
  readonly app?: "app-store";
  readonly around?: Around;
  /** The code and the pointer of what is to be found; nothing where it is fine. */
  readonly found?: string;
}

const cases: Case[] = [
  {
    name: "a condition on a baseline that nobody takes",
    change: { triggers: [{ ...t5xx, when: "API 5xx > baseline + 10 %" } as never] },
    found: "error baseline-missing /triggers/0/when",
  },
  {
    name: "a condition on a baseline that is taken",
    change: { baseline: {}, triggers: [{ ...t5xx, when: "API 5xx > baseline + 10 %" } as never] },
  },
  {
    name: "a threshold on an objective that there is none of",
    change: { metrics: samplePlan().metrics.map((one) => ({ ...one, threshold: "<= objective + 5 %" })) },
    found: "error objective-missing /metrics/0/threshold",
  },
  {
    name: "a condition on the objective, which is the threshold",
    change: { triggers: [{ ...t5xx, when: "API 5xx > objective + 20 %" } as never] },
  },
  {
    name: "a condition that fires below what passes, both relative to one baseline",
    change: {
      baseline: {},
      metrics: samplePlan().metrics.map((one) => ({ ...one, threshold: "<= baseline + 20 %" })),
      triggers: [{ ...t5xx, when: "API 5xx > baseline + 10 %" } as never],
    },
    found: "error thresholds-contradict /triggers/0/when",
  },
  {
    name: "a question that comes after the rollback",
    change: {
      triggers: [
        { ...t5xx, when: "API 5xx > 3 %" } as never,
        { ...t5xx, id: "ask", when: "API 5xx > 5 % for 5 min", respond: "evaluate" } as never,
      ],
    },
    found: "warning matrix-order /triggers/1/when",
  },
  {
    name: "a question that comes before the rollback",
    change: {
      triggers: [
        { ...t5xx, when: "API 5xx > 5 % for 1 min" } as never,
        { ...t5xx, id: "ask", when: "API 5xx > 1 % for 5 min", respond: "evaluate" } as never,
      ],
    },
  },
  {
    name: "a step without a way back that nobody approves",
    change: { steps: steps("p5", { oneWay: true }) },
    found: "warning one-way-unapproved /steps/6/oneWay",
  },
  {
    name: "a step without a way back that is approved, and the last of its component",
    change: { steps: steps("p5", { oneWay: { approvals: ["CTO"] } }) },
  },
  {
    name: "a step without a way back before the last phase that it endangers",
    change: { steps: steps("p4", { oneWay: { approvals: ["CTO"] } }) },
    found: "warning one-way-early /steps/5/oneWay",
  },
  {
    name: "a step that endangers what there is not",
    change: { steps: steps("p5", { oneWay: { approvals: ["CTO"], endangers: ["schema"] } }) },
    found: "error one-way-component /steps/6/oneWay/endangers/0",
  },
  {
    name: "an authority of nobody",
    change: { decisions: { authority: ["Captain"], alone: [] } },
    found: "error authority-unknown /decisions/authority/0",
  },
  { name: "an authority that there is", change: { decisions: { authority: ["CTO"], alone: ["Ops"] } } },
  {
    name: "a question that outlasts the release",
    change: { triggers: [{ ...tcrash, decideWithin: "30 days" } as never] },
    found: "warning decide-late /triggers/0/decideWithin",
  },
  {
    name: "a baseline of what there is not",
    change: { baseline: { metrics: ["latency"] } },
    found: "error baseline-metric /baseline/metrics/0",
  },
  {
    name: "two phases at one moment",
    change: { steps: steps("p2", { at: "T" }) },
    found: "error phases-overlap /steps/3/at",
  },
  {
    name: "a falling share",
    change: { steps: steps("p2", { percent: 5 }) },
    found: "error percent-falls /steps/3/percent",
  },
  { name: "the same share twice", change: { steps: steps("p2", { percent: 10 }) } },
  {
    name: "a watch beyond the next phase",
    change: { steps: steps("p1", { watch: "1 h" }) },
    found: "warning watch-too-long /steps/1/watch",
  },
  { name: "a watch just up to the next phase", change: { steps: steps("p1", { watch: "20 min" }) } },
  {
    name: "a share the App Store never has",
    app: "app-store",
    change: { steps: steps("p4", { percent: 30 }) },
    found: "warning app-store-share /steps/5/percent",
  },
  {
    name: "a time the App Store does not keep",
    app: "app-store",
    found: "warning app-store-time /steps/5/at",
  },
  { name: "any share of Google Play", change: { steps: steps("p4", { percent: 33 }) } },
  {
    name: "a watch that sees too few requests",
    around: { perMinute: { api: 100 } },
    found: "warning watch-too-short /steps/1/watch",
  },
  { name: "a watch that sees enough", around: { perMinute: { api: 1_000, app: 1_000 } } },
  {
    name: "a trigger on nothing",
    change: { triggers: [{ ...t5xx, metric: undefined, signals: [] }] as never },
    found: "error trigger-deaf /triggers/0",
  },
  {
    name: "a trigger on an unknown metric",
    change: { triggers: [{ ...t5xx, metric: "nope" }] as never },
    found: "error unknown-metric /triggers/0/metric",
  },
  {
    name: "a trigger in words",
    change: { triggers: [{ id: "w", says: "sign-in is broken", respond: "evaluate", owner: "Ops" }] },
    found: "warning trigger-by-person /triggers/0",
  },
  {
    name: "a trigger on what only a person reads",
    change: {
      metrics: [{ id: "m", name: "Mood", threshold: "> 3", owner: "Ops" }],
      steps: steps("look", { kind: "manual", metric: undefined }).map((step) =>
        step.id === "look" ? { ...manual, id: "look", at: "T+15m", do: "Check it" } : step,
      ),
      triggers: [{ id: "w", when: "Mood < 1", metric: "m", respond: "evaluate", owner: "Ops" }],
    },
    found: "warning trigger-by-person /triggers/0",
  },
  {
    name: "an alarm no metric stands on",
    change: { triggers: [{ ...t5xx, signals: [{ from: "cloudwatch", name: "Other" }] }] as never },
    found: "warning unknown-alarm /triggers/0/signals/0/name",
  },
  {
    name: "the name of test alarms",
    change: {
      triggers: [{ ...t5xx, signals: [{ from: "cloudwatch", name: "gonogo-x-integration-test" }] }] as never,
    },
    found: "error trigger-reserved /triggers/0/signals/0/name",
  },
  {
    name: "a rollback on what passes",
    change: { triggers: [{ ...t5xx, when: "API 5xx > 0.5 %" }] as never },
    found: "error thresholds-contradict /triggers/0/when",
  },
  {
    name: "a rollback the same way round as the pass",
    change: { triggers: [{ ...tcrash, when: "Crash-free > 99 %" }] as never },
    found: "error thresholds-contradict /triggers/0/when",
  },
  {
    name: "a rollback just beyond what passes",
    change: { triggers: [{ ...t5xx, when: "API 5xx >= 1 %" }] as never },
  },
  {
    name: "units that cannot be compared",
    change: { triggers: [{ ...t5xx, when: "API 5xx > 3 s" }] as never },
    found: "error units-differ /triggers/0/when",
  },
  {
    name: "a manual step without undo",
    change: { steps: [manual, ...samplePlan().steps] as never },
    found: "warning no-undo /steps/0",
  },
  {
    name: "a manual step that only looks",
    change: { steps: [{ ...manual, do: "Check it" }, ...samplePlan().steps] as never },
  },
  {
    name: "a person's phase without a way back",
    change: {
      components: [
        samplePlan().components[0],
        { id: "app", name: "App", target: { kind: "manual" } },
      ] as never,
    },
    found: "warning no-rollback /steps/4/component",
  },
  {
    name: "a timeline beyond the limit",
    change: { limits: { maxDuration: "1 h" } },
    found: "error beyond-limit /limits/maxDuration",
  },
  {
    name: "a phase in a freeze",
    around: {
      freezes: [
        {
          name: "Fair",
          from: "2025-06-04T02:10:00.000Z" as Instant,
          to: "2025-06-04T02:25:00.000Z" as Instant,
        },
      ],
    },
    found: "error into-freeze /steps/3/at",
  },
  {
    name: "a freeze that is over",
    around: {
      freezes: [
        {
          name: "Fair",
          from: "2025-06-03T00:00:00.000Z" as Instant,
          to: "2025-06-04T02:00:00.000Z" as Instant,
        },
      ],
    },
  },
  {
    name: "a phase in a freeze of the calendar",
    around: { calendar: calendarWith({ freezes: [{ name: "Fair", dates: "2025-06-04", from: "02:10" }] }) },
    found: "warning waits-for-calendar /steps/3/at",
  },
  {
    name: "a phase in a freeze of another environment",
    around: {
      calendar: calendarWith({
        freezes: [{ name: "Fair", dates: "2025-06-04", from: "02:10", environments: ["Staging"] }],
      }),
    },
  },
  {
    name: "a start in a freeze of an hour",
    around: {
      calendar: calendarWith({
        freezes: [{ name: "Fair", dates: "2025-06-04", from: "01:00", to: "02:00" }],
      }),
    },
    found: "warning start-moves /start",
  },
  {
    name: "a start in a freeze of days",
    around: { calendar: calendarWith({ freezes: [{ name: "Fair", dates: "2025-06-03..2025-06-09" }] }) },
    found: "error start-frozen /start",
  },
  {
    name: "freezes that it cannot wait for",
    change: { limits: { maxDuration: "2 days" } },
    around: {
      calendar: calendarWith({ freezes: [{ name: "Fair", dates: "2025-06-04..2025-06-09", from: "03:00" }] }),
    },
    found: "error cannot-avoid-freeze /limits/maxDuration",
  },
  {
    name: "a window that never opens",
    change: { window: "required" },
    around: { calendar: calendarWith({}) },
    found: "error no-window /window",
  },
  {
    name: "a window that opens later",
    change: { window: "required" },
    around: {
      calendar: calendarWith({ windows: [{ name: "Nights", every: "day", from: "04:00", to: "23:00" }] }),
    },
    found: "warning start-moves /start",
  },
  {
    name: "a vote after T",
    change: { poll: { at: "T-5m", closes: "T+5m", roles: ["Ops"] } },
    found: "error poll-late /poll/closes",
  },
  {
    name: "a vote that never opens",
    change: { poll: { at: "T-5m", closes: "T-5m", roles: ["Ops"] } },
    found: "error poll-empty /poll/closes",
  },
  {
    name: "a vote before approvals",
    change: { poll: { at: "T-1d", roles: ["Ops"] } },
    found: "warning poll-early /poll/at",
  },
  { name: "a vote in time", change: { poll: { roles: ["Ops"] } } },
  {
    name: "a message before what it claims",
    change: { messages: [{ ...live, at: "T+5m" }] as never },
    found: "warning message-early /messages/0/needs/0",
  },
  {
    name: "a message to an unknown channel",
    change: { channels: [] },
    found: "warning unknown-channel /messages/0/channel",
  },
  {
    name: "a need that is no step",
    change: { steps: steps("p3", { needs: ["nope"] }) },
    found: "error unknown-need /steps/4/needs/0",
  },
  {
    name: "a share of what has none",
    change: { steps: steps("p3", { needs: ["look:shifted"] }) },
    found: "error need-not-shifted /steps/4/needs/0",
  },
  {
    name: "steps that wait for one another",
    change: { steps: steps("p1", { needs: ["p3"] }) },
    found: "error circle /steps/1/needs",
  },
  {
    name: "an id twice",
    change: {
      checklist: [
        { id: "a", check: "One", role: "Ops" },
        { id: "a", check: "Two", role: "Ops" },
      ],
    },
    found: "error duplicate-id /checklist/1/id",
  },
  {
    name: "an approval twice",
    change: { approvals: [{ role: "CTO" }, { role: "CTO" }] },
    found: "error duplicate-approval /approvals/1/role",
  },
  {
    name: "an owner without a role",
    change: { steps: steps("p1", { owner: "Nobody" }) },
    found: "error unknown-role /steps/1/owner",
  },
  {
    name: "an unknown component",
    change: { steps: [...samplePlan().steps, phase("p9", "T+2d", "db", 100, "1 h")] as never },
    found: "error unknown-component /steps/7/component",
  },
  {
    name: "an unknown environment",
    change: { environments: [{ name: "Live" }] },
    found: "error unknown-environment /environment",
  },
  {
    name: "one person for two approvals",
    change: {
      roles: ["Release Manager", "Ops", "Mobile Lead"]
        .map((name) => ({ name }))
        .concat([
          { name: "CTO", people: ["A"] },
          { name: "Security", people: ["A"] },
        ] as never),
    },
    found: "error approvals-unsatisfiable /approvals/1/role",
  },
  {
    name: "approvals that only the requester could give",
    around: {
      people: [
        { id: "x", roles: ["CTO", "Security"] },
        { id: "y", roles: ["CTO"] },
      ],
      requester: "x",
    },
    found: "error approvals-unsatisfiable /approvals/1/role",
  },
  {
    name: "approvals that wait for one another",
    change: {
      approvals: [
        { role: "CTO", after: "Security" },
        { role: "Security", after: "CTO" },
      ],
    },
    found: "error approval-circle /approvals/0/after/0",
  },
  {
    name: "an approval after one that nobody is asked for",
    change: { approvals: [{ role: "CTO", after: "Security" }] },
    found: "error approval-after-nobody /approvals/0/after/0",
  },
  {
    name: "an approval that runs out before it can be used",
    change: { approvals: [{ role: "CTO", expires: "20 min" }] },
    found: "warning approval-short /approvals/0/expires",
  },
  {
    name: "a hotfix with one of the board",
    change: {
      roles: [...samplePlan().roles, { name: "Governance Board" }],
      changeClass: "emergency",
      hotfix: { severity: "SEV-1" },
      approvals: [{ role: "Governance Board" }],
    },
    found: "error hotfix-quorum /approvals",
  },
  {
    name: "a hotfix that is no emergency",
    change: { hotfix: { severity: "SEV-1" } },
    found: "error hotfix-not-emergency /hotfix",
  },
  {
    name: "an emergency that mends nothing",
    change: { changeClass: "emergency" },
    found: "warning emergency-no-hotfix /changeClass",
  },
  {
    name: "approvals that two people can give",
    around: {
      people: [
        { id: "x", roles: ["CTO", "Security"] },
        { id: "y", roles: ["CTO"] },
      ],
    },
  },
  {
    name: "hypercare that is over before its first round",
    change: { hypercare: { for: "3 h", checks: [{ id: "logs", check: "Read the logs", owner: "Ops" }] } },
    found: "error hypercare-time /hypercare/for",
  },
  {
    name: "hypercare of a metric that there is not",
    change: { hypercare: { checks: [{ id: "slo", check: "The SLO holds", owner: "Ops", metric: "slo" }] } },
    found: "error unknown-metric /hypercare/checks/0/metric",
  },
  {
    name: "an act of closing that nobody owes",
    change: { closing: [{ id: "load", kind: "load-test", owner: "Ops" }] },
    found: "warning closing-load-test /closing/0/kind",
  },
  {
    name: "an obligation without an end",
    change: { obligations: [{ id: "load-test", what: "Test the load", role: "Ops", within: "400 d" }] },
    found: "error obligation-time /obligations/0/within",
  },
  {
    name: "a postmortem before there is anything to look back on",
    change: {
      obligations: [{ id: "postmortem", what: "Look back", role: "Ops", within: "24 h", from: "start" }],
    },
    found: "error obligation-postmortem /obligations/0/from",
  },
  {
    name: "an obligation of a role that the plan does not know",
    change: { obligations: [{ id: "merge-back", what: "Merge it", role: "Cook", within: "24 h" }] },
    found: "error unknown-role /obligations/0/role",
  },
  {
    name: "a way back that is tried on the real thing",
    change: { rehearse: { targets: { api: { kind: "lambda-alias", function: "api", alias: "prod" } } } },
    found: "error rehearsed-on-itself /rehearse/targets/api",
  },
  {
    name: "a probe of a component that there is not",
    change: {
      checklist: [{ id: "soaked", check: "S", role: "Ops", probe: { kind: "staging", component: "web" } }],
    },
    found: "error unknown-component /checklist/0/probe/component",
  },
  {
    name: "a probe that waits for a rehearsal which nobody can make",
    change: { checklist: [{ id: "back", check: "B", role: "Ops", probe: { kind: "rehearsal" } }] },
    found: "error not-rehearsed /checklist/0/probe",
  },
];

/** What the sample itself is told, which is nothing that these cases are about. */
const CHANNELS = [
  { name: "Slack #ops", purpose: "Real-time status", owner: "Ops" },
  { name: "Status page", purpose: "Customers", owner: "Ops" },
];

describe("lint", () => {
  it.each(cases)("$name", ({ change = {}, app, around = {}, found }) => {
    const plan = samplePlan({ channels: CHANNELS, ...change }, app);
    const problems = lintPlan(plan, undefined, around).filter(({ severity }) => severity !== "info");
    const said = problems.map(
      ({ severity, code, pointer }) => `${severity} ${code.replace("plan.", "")} ${pointer}`,
    );
    if (found === undefined) expect(said).toEqual([]);
    else expect(said).toContain(found);
    expect(problems.every(({ fix }) => fix !== undefined && fix !== "")).toBe(true);
  });

  it("has a case for every rule", () => {
    const silent = RULES.filter((rule) =>
      cases.every(
        ({ change = {}, app, around = {} }) =>
          rule(samplePlan({ channels: CHANNELS, ...change }, app), around).length === 0,
      ),
    );
    expect(silent).toEqual([]);
  });

  it("names the line and column in the text that the plan was read from", () => {
    const text = writePlan(samplePlan({ channels: CHANNELS, limits: { maxDuration: "1 h" } }));
    const { plan, locate } = readPlan(text, "plan.yaml");
    const [problem] =
      plan === undefined ? [] : lintPlan(plan, locate).filter(({ severity }) => severity === "error");
    const line = text.split("\n").findIndex((one) => one.includes("maxDuration")) + 1;
    expect(problem?.place).toEqual({ file: "plan.yaml", line, column: 16 });
    expect(problem?.fix).toContain("maxDuration: 1 day 6 h 30 min");
  });
});
