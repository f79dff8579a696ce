import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import type { PlanInput } from "../plan/schema.ts";
import type { Signal } from "../signal/schema.ts";
import { Drive, person } from "../testing/drive.ts";
import { phase, samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { decisionMatrix } from "./matrix.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;
const LEAD = person("lead", "Deployment Lead");
const MANAGER = person("manager", "Engineering Manager");
const ON_CALL = person("on-call", "On-Call Engineer");

type TriggerInput = NonNullable<PlanInput["triggers"]>[number];

function trigger(id: string, respond: TriggerInput["respond"], ...names: string[]): TriggerInput {
  const signals = names.map((name) => ({ from: "webhook" as const, name }));
  return { id, says: `${id} looks bad`, signals, respond, owner: "Ops" };
}

function watching(triggers: TriggerInput[], change: Partial<PlanInput> = {}): Drive {
  const roles = ["Release Manager", "Ops", "CTO", "Security", "Mobile Lead"];
  const all = [...roles, "Deployment Lead", "Engineering Manager", "On-Call Engineer"];
  const plan = samplePlan({
    roles: all.map((name) => ({ name })),
    messages: [],
    steps: [phase("p1", "T", "api", 10, "1 h"), phase("p2", "T+2 h", "api", 100, "1 h")],
    triggers,
    ...change,
  });
  const drive = new Drive(plan, EVE);
  drive.openGates();
  drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
  pass(drive, 60);
  return drive;
}

function pass(drive: Drive, seconds: number): void {
  drive.now = fromMillis(toMillis(drive.now) + seconds * 1000);
}

function hear(drive: Drive, name: string, state: Signal["state"] = "alarm", after = 1): void {
  pass(drive, after);
  drive.signal({ source: "webhook", name, state });
}

function types(drive: Drive): string[] {
  return drive.log.map(({ event }) => event.type);
}

function count(drive: Drive, type: string): number {
  return types(drive).filter((one) => one === type).length;
}

describe("evaluate, by those with the authority", () => {
  const EVALUATE = [trigger("slow", "evaluate", "Slow")];
  const ask = (
    drive: Drive,
    actor: typeof LEAD,
    answer: "rollback" | "go-on" | "fix-forward",
    reason = "seen it",
  ) => drive.ask(actor, { type: "Decide", answer }, reason);

  it("names who is asked, until when, and what silence brings", () => {
    const drive = watching(EVALUATE, { decisions: {} });
    hear(drive, "Slow");
    const view = releaseView(drive.plan, drive.state, LEAD, drive.now);
    expect(view.decisions).toMatchObject([
      {
        roles: ["Deployment Lead", "Engineering Manager"],
        alone: ["On-Call Engineer"],
        onSilence: "rollback",
      },
    ]);
    expect(view.waitsFor[0]).toMatchObject({ who: ["Deployment Lead", "Engineering Manager"], urgent: true });
    expect(view.decisions[0]?.question).toContain("last changed before it: api to 10 % (phase 1)");
    expect(view.actions.map(({ command }) => command)).toContainEqual(
      expect.objectContaining({ type: "Decide", answer: "fix-forward" }),
    );
  });

  const cases: [string, "any" | "all", [typeof LEAD, "rollback" | "go-on" | "fix-forward"][], string][] = [
    ["any one, to go on", "any", [[MANAGER, "go-on"]], "running"],
    ["any one, to roll back", "any", [[LEAD, "rollback"]], "rolling-back"],
    ["any one, to fix forward", "any", [[LEAD, "fix-forward"]], "running"],
    ["one of all", "all", [[LEAD, "rollback"]], "asked"],
    [
      "all, the same",
      "all",
      [
        [LEAD, "go-on"],
        [MANAGER, "go-on"],
      ],
      "running",
    ],
    [
      "all, and not the same",
      "all",
      [
        [LEAD, "go-on"],
        [MANAGER, "rollback"],
      ],
      "asked",
    ],
    [
      "all, one of whom changes their mind",
      "all",
      [
        [LEAD, "go-on"],
        [MANAGER, "rollback"],
        [LEAD, "rollback"],
      ],
      "rolling-back",
    ],
    ["the on-call engineer alone", "all", [[ON_CALL, "rollback"]], "rolling-back"],
    ["the on-call engineer, who may not go on alone", "any", [[ON_CALL, "go-on"]], "asked"],
    ["somebody else", "any", [[person("x", "Ops"), "rollback"]], "asked"],
  ];
  it.each(cases)("%s (%s)", (_, votes, answers, outcome) => {
    const drive = watching(EVALUATE, { decisions: { votes } });
    hear(drive, "Slow");
    for (const [actor, answer] of answers) ask(drive, actor, answer);
    const { status, paused, decisions } = drive.state;
    const isAsked = Object.keys(decisions).length > 0 && paused !== undefined;
    expect(isAsked ? "asked" : status).toBe(outcome);
  });

  it("counts a person once, whatever roles they hold", () => {
    const drive = watching(EVALUATE, { decisions: { votes: "all" } });
    hear(drive, "Slow");
    const both = person("both", "Deployment Lead", "Engineering Manager");
    expect(drive.ask(both, { type: "Decide", answer: "go-on", role: "Deployment Lead" }, "fine").ok).toBe(
      true,
    );
    const again = drive.ask(both, { type: "Decide", answer: "go-on", role: "Engineering Manager" }, "fine");
    expect(again).toMatchObject({ ok: false, rejection: { code: "decide.counted-twice" } });
    expect(drive.state.paused).toBeDefined();
  });

  it("is not gone round by resuming, and wants a reason", () => {
    const drive = watching(EVALUATE, { decisions: { votes: "all" } });
    hear(drive, "Slow");
    const resume = drive.ask(person("rm", "Release Manager"), { type: "Resume" }, "in a hurry");
    expect(resume).toMatchObject({ ok: false, rejection: { code: "resume.decision" } });
    expect(drive.ask(LEAD, { type: "Decide", answer: "go-on" }, " ")).toMatchObject({ ok: false });
    expect(drive.ask(LEAD, { type: "Decide", answer: "go-on" })).toMatchObject({
      rejection: { code: "command.no-reason" },
    });
  });

  it("is put back when nobody answers in time", () => {
    const drive = watching([{ ...EVALUATE[0], decideWithin: "10 min" } as TriggerInput], { decisions: {} });
    hear(drive, "Slow");
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.rollback?.cause).toContain("nobody answered in time");
    expect(drive.state.rollback?.causes?.map(({ alarm }) => alarm)).toEqual(["webhook:Slow"]);
  });

  it("fixed forward is owed by the owner, with who chose it and why", () => {
    const drive = watching(EVALUATE, { decisions: { fixWithin: "4 h" } });
    hear(drive, "Slow");
    ask(drive, MANAGER, "fix-forward", "a cosmetic delay");
    expect(drive.state.fixForwards).toMatchObject([{ owner: "Ops", reason: "a cosmetic delay" }]);
    expect(drive.state.obligations?.["fix-forward-slow"]).toMatchObject({ role: "Ops" });
    expect(drive.state.status).toBe("running");
  });
});

describe("the decision matrix", () => {
  it("has the immediate first and what goes on last, and says who decides", () => {
    const all = (["notify", "fix-forward", "pause", "reduce", "evaluate", "rollback"] as const).map(
      (respond) => trigger(respond, respond, respond),
    );
    const rows = decisionMatrix(watching(all, { decisions: { votes: "all" } }).plan);
    expect(rows.map(({ respond }) => respond)).toEqual([
      "rollback",
      "evaluate",
      "reduce",
      "pause",
      "fix-forward",
      "notify",
    ]);
    expect(rows[1]).toMatchObject({
      decides: "Deployment Lead and Engineering Manager together; On-Call Engineer alone for a rollback",
      onSilence: "rollback",
      within: "30 min",
    });
  });

  it("a trigger that is fixed forward lets the release go on and owes the repair", () => {
    const drive = watching([trigger("cosmetic", "fix-forward", "Cosmetic")]);
    hear(drive, "Cosmetic");
    expect(drive.state.paused).toBeUndefined();
    expect(drive.state.obligations?.["fix-forward-cosmetic"]?.what).toContain("Cosmetic");
  });
});

describe("a storm of alarms", () => {
  const names = Array.from({ length: 200 }, (_, n) => `Alarm${n}`);
  /** A hundred triggers, each of which hears two alarms. */
  const pairs = (respond: TriggerInput["respond"]) =>
    Array.from({ length: 100 }, (_, n) => trigger(`t${n}`, respond, `Alarm${2 * n}`, `Alarm${2 * n + 1}`));

  it("is one rollback with all its causes, told of once", () => {
    const drive = watching(pairs("rollback"));
    for (const name of names) hear(drive, name, "alarm", 0.01);
    expect(count(drive, "RollbackStarted")).toBe(1);
    expect(drive.state.rollback?.causes).toHaveLength(200);
    drive.runUntil(({ status }) => status === "rolled-back", END);
    const storms = Object.entries(drive.state.messages).filter(([id]) => id.includes("storm"));
    expect(storms).toHaveLength(1);
    expect(storms[0]?.[1].text).toMatch(/200 alarms, one rollback: Alarm0, .* and 190 more/);
    expect(Object.values(drive.state.messages).filter(({ audience }) => audience === "page")).toHaveLength(2);
  });

  it("is one question, whose deadline no later alarm puts off", () => {
    const drive = watching(pairs("evaluate"));
    for (const name of names) hear(drive, name);
    expect(count(drive, "DecisionAsked")).toBe(1);
    const [asked] = Object.values(drive.state.decisions);
    expect(asked?.causes).toHaveLength(200);
    expect(toMillis(asked?.by ?? EVE) - toMillis(asked?.askedAt ?? EVE)).toBe(30 * 60_000);
    drive.person({ type: "Resume" });
    expect(Object.values(drive.state.triggers)).toEqual([]);
  });

  it("the same signals in any order, and told again, give the same decisions", () => {
    const triggers = [
      trigger("a", "evaluate", "A"),
      trigger("b", "evaluate", "B"),
      trigger("c", "notify", "C"),
      trigger("d", "fix-forward", "D"),
      trigger("e", "rollback", "E"),
    ];
    const start = toMillis(watching(triggers).now);
    const signal = fc.record({
      name: fc.constantFrom("A", "B", "C", "D", "E"),
      state: fc.constantFrom("alarm" as const, "alarm" as const, "ok" as const),
      second: fc.integer({ min: 1, max: 600 }),
    });
    type One = { name: string; state: "alarm" | "ok"; second: number };
    const outcome = (signals: readonly One[]) => {
      const drive = watching(triggers);
      pass(drive, 700);
      for (const { name, state, second } of signals) {
        drive.signal({ source: "webhook", name, state, at: fromMillis(start + second * 1000) });
      }
      const quarantined = Object.entries(drive.state.flaps ?? {}).filter(([, flap]) => flap.quarantine);
      const isBack = drive.state.rollback !== undefined;
      return {
        rollbacks: count(drive, "RollbackStarted"),
        // Once it goes back nothing else is decided any more, whatever came before it.
        questions: isBack ? 0 : Object.keys(drive.state.decisions).length,
        owed: isBack ? [] : Object.keys(drive.state.obligations ?? {}).sort(),
        quarantined: isBack ? [] : quarantined.map(([key]) => key).sort(),
      };
    };
    fc.assert(
      fc.property(
        fc
          .array(signal, { minLength: 1, maxLength: 14 })
          .chain((signals) =>
            fc.tuple(
              fc.constant(signals),
              fc.shuffledSubarray([...signals, ...signals], { minLength: signals.length * 2 }),
            ),
          ),
        ([signals, shuffled]) => {
          expect(outcome(shuffled)).toEqual(outcome(signals));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a flapping alarm", () => {
  function flap(drive: Drive, name: string, times: number): void {
    for (let n = 0; n < times; n++) hear(drive, name, n % 2 === 0 ? "alarm" : "ok", 30);
  }

  it("is put in quarantine, asks nothing anew, holds the watch, and is shown with its history", () => {
    const drive = watching([trigger("slow", "evaluate", "Slow")]);
    hear(drive, "Slow");
    drive.person({ type: "Resume" });
    for (const state of ["ok", "alarm", "ok", "alarm", "ok"] as const) {
      hear(drive, "Slow", state, 30);
      if (drive.state.paused !== undefined) drive.person({ type: "Resume" });
    }
    expect(count(drive, "AlarmQuarantined")).toBe(1);
    const asked = count(drive, "DecisionAsked");
    flap(drive, "Slow", 4);
    expect(count(drive, "DecisionAsked")).toBe(asked);
    const view = releaseView(drive.plan, drive.state, LEAD, drive.now);
    expect(view.quarantine).toMatchObject([{ alarm: "webhook:Slow" }]);
    expect(view.quarantine[0]?.changes.length).toBeGreaterThan(4);
    const until = drive.state.steps.p1?.watchUntil ?? END;
    // It goes on to flap, so that it does not calm down.
    while (drive.now < until) {
      hear(drive, "Slow", "ok", 200);
      hear(drive, "Slow", "alarm", 200);
      drive.visit();
    }
    drive.visit();
    expect(drive.state.steps.p1?.heldWhy).toContain("Slow is in quarantine");
  });

  it("never hides a trigger's first alarm", () => {
    const drive = watching([trigger("broken", "rollback", "Broken")]);
    for (const state of ["ok", "unknown", "ok", "unknown", "ok", "unknown"] as const)
      hear(drive, "Broken", state, 10);
    expect(count(drive, "AlarmQuarantined")).toBe(1);
    hear(drive, "Broken");
    expect(drive.state.status).toBe("rolling-back");
  });

  it("is believed again when it has stood still; red, it counts then", () => {
    const drive = watching([trigger("note", "notify", "Noise")]);
    flap(drive, "Noise", 7);
    const fired = count(drive, "TriggerFired");
    drive.runUntil((state) => state.flaps?.["webhook:Noise"]?.quarantine === undefined, END);
    expect(count(drive, "QuarantineLifted")).toBe(1);
    expect(count(drive, "TriggerFired")).toBeGreaterThanOrEqual(fired);
    expect(drive.state.flaps?.["webhook:Noise"]?.changes).toHaveLength(1);
  });

  it("is believed again when a person says so, with a reason", () => {
    const drive = watching([trigger("note", "notify", "Noise")]);
    flap(drive, "Noise", 6);
    const manager = person("rm", "Release Manager");
    expect(drive.ask(manager, { type: "LiftQuarantine", alarm: "Noise" })).toMatchObject({ ok: false });
    expect(drive.ask(manager, { type: "LiftQuarantine", alarm: "Other" }, "x")).toMatchObject({
      rejection: { code: "quarantine.none" },
    });
    expect(drive.ask(manager, { type: "LiftQuarantine", alarm: "Noise" }, "the probe is mended").ok).toBe(
      true,
    );
    expect(drive.state.flaps?.["webhook:Noise"]?.quarantine).toBeUndefined();
  });
});

describe("what only tells people", () => {
  it("tells again when it was well and came back, by its alarm", () => {
    const drive = watching([trigger("note", "notify", "Note")]);
    for (const state of ["alarm", "alarm", "ok", "alarm"] as const) hear(drive, "Note", state, 300);
    expect(count(drive, "TriggerFired")).toBe(2);
    expect(drive.state.triggers.note?.times).toBe(2);
  });

  it("and by what is measured", () => {
    const note: TriggerInput = {
      id: "note",
      when: "API 5xx > 0.8 %",
      metric: "errors",
      respond: "notify",
      owner: "Ops",
    };
    const drive = watching([note]);
    for (const value of [0.9, 0.95, 0.1, 0.9]) {
      drive.world.values.set("errors", { value, count: 100_000 });
      pass(drive, 60);
      drive.visit();
    }
    expect(count(drive, "TriggerFired")).toBe(2);
  });
});
