import { describe, expect, it } from "vitest";
import { ROLLOUT } from "../actor/schema.ts";
import { decideCalendar } from "../calendar/decide.ts";
import { evolveCalendar } from "../calendar/evolve.ts";
import { CalendarRules } from "../calendar/schema.ts";
import { seenCalendar } from "../calendar/seen.ts";
import { type CalendarState, EMPTY_CALENDAR } from "../calendar/state.ts";
import { minutes } from "../kit/duration.ts";
import { type Instant, minus } from "../kit/instant.ts";
import type { PlanInput } from "../plan/schema.ts";
import { metaOf } from "../release/evolve.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;
const at = (time: string) => `2025-06-04T${time}:00.000Z` as Instant;

function rules(given: object): CalendarState {
  return { ...EMPTY_CALENDAR, rules: CalendarRules.parse({ calendar: 1, ...given }) };
}

/** The calendar after a freeze was declared, or lifted, at the drive's own time. */
function declared(drive: Drive, body: object): void {
  const asking = { at: drive.now, actor: person("m", "Release Manager"), reason: "an incident" };
  const decision = decideCalendar(drive.calendar ?? EMPTY_CALENDAR, asking, body as never);
  if (!decision.ok) throw new Error(decision.rejection.message);
  for (const event of decision.events) {
    drive.calendar = evolveCalendar(drive.calendar ?? EMPTY_CALENDAR, event, metaOf(asking));
  }
}

function begun(change: Partial<PlanInput> = {}, calendar?: CalendarState): Drive {
  const drive = new Drive(samplePlan(change), EVE);
  drive.calendar = calendar;
  drive.openGates();
  return drive;
}

const shifts = (drive: Drive) =>
  drive.log.flatMap(({ at: when, event }) =>
    event.type === "ShiftIntended" ? [`${event.step} ${when.slice(11, 16)}`] : [],
  );
const types = (drive: Drive) => drive.log.map(({ event }) => event.type);
const freeze = (from: string, to: string, more: object = {}) => ({
  type: "DeclareSpan",
  kind: "freeze",
  name: "Fair",
  from: at(from),
  to: at(to),
  ...more,
});

describe("a freeze that is declared while a release runs", () => {
  it("holds the next shift at once, lets the open window go on, and lets go when it is lifted", () => {
    const drive = begun();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    drive.now = at("02:05");
    declared(drive, { type: "DeclareSpan", kind: "freeze", name: "Fair", to: at("12:00") });
    drive.visit();
    expect(types(drive)).toContain("FreezeDeclared");
    drive.runUntil(() => false, at("04:00"));
    expect(drive.state.steps.p1).toMatchObject({ status: "done", endedAt: at("02:15") });
    expect(shifts(drive)).toEqual(["p1 02:00"]);
    declared(drive, { type: "LiftSpan", span: "freeze-1" });
    drive.runUntil(() => drive.state.steps.p2?.shiftedAt !== undefined, END);
    expect(shifts(drive)).toEqual(["p1 02:00", "p2 04:00", "p3 04:00"]);
    expect(drive.log.find(({ event }) => event.type === "FreezeLifted")?.event).toMatchObject({
      why: "an incident",
    });
  });

  it("is seen at the moment of the write, by a release that nobody has told", () => {
    const drive = begun();
    drive.runUntil(() => drive.now >= at("02:16"), at("02:16"));
    drive.now = at("02:20");
    const calendar = rules({ freezes: [{ name: "Fair", dates: "2025-06-04", from: "02:20" }] });
    const seen = seenCalendar(calendar, drive.plan, drive.state, drive.now);
    const observed = drive.world.read("api", drive.now);
    const intend = {
      type: "IntendShift",
      step: "p2",
      observed,
      alarms: [],
      percent: 100,
      why: "phase",
    } as const;
    const decision = drive.ask(ROLLOUT, { ...intend, calendar: seen });
    expect(decision.ok && decision.events.map(({ type }) => type)).toEqual(["FreezeDeclared"]);
    expect(drive.ask(ROLLOUT, intend)).toMatchObject({ rejection: { code: "phase.not-ready" } });
  });

  it("holds a shift that was begun and never recorded, and takes it up after it", () => {
    const drive = begun();
    drive.runUntil(() => drive.now >= at("02:16"), at("02:16"));
    drive.now = at("02:20");
    const observed = drive.world.read("api", drive.now);
    const { alarms } = drive.world.see(drive.now, drive.now);
    drive.ask(ROLLOUT, { type: "IntendShift", step: "p2", observed, alarms, percent: 100, why: "phase" });
    expect(drive.state.steps.p2?.status).toBe("shifting");
    declared(drive, { type: "DeclareSpan", kind: "freeze", name: "Fair", to: at("03:00") });
    drive.runUntil(() => false, at("02:59"));
    expect(drive.world.read("api", drive.now).share).toBe(10);
    drive.runUntil(() => drive.state.steps.p2?.shiftedAt !== undefined, END);
    expect(drive.state.steps.p2?.shiftedAt).toBe(at("03:00"));
  });

  it("of another environment or another component holds nothing", () => {
    const drive = begun();
    drive.now = at("01:10");
    declared(drive, freeze("01:10", "23:00", { environments: ["Staging"] }));
    declared(drive, freeze("01:10", "23:00", { components: ["web"] }));
    drive.runUntil(() => drive.state.steps.p3?.shiftedAt !== undefined, END);
    expect(shifts(drive)).toEqual(["p1 02:00", "p2 02:20", "p3 02:30"]);
    expect(types(drive)).not.toContain("FreezeDeclared");
  });

  it("of one component holds that one alone", () => {
    const drive = begun();
    drive.now = at("01:10");
    declared(drive, freeze("01:10", "05:00", { components: ["App"] }));
    drive.runUntil(() => drive.state.steps.p3?.shiftedAt !== undefined, END);
    expect(shifts(drive)).toEqual(["p1 02:00", "p2 02:20", "p3 05:00"]);
  });

  it("never holds a rollback, nor a component's own", () => {
    const drive = begun();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    declared(drive, { type: "DeclareSpan", kind: "freeze", name: "Fair", to: at("23:00") });
    drive.visit();
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", at("22:00"));
    expect(drive.state.status).toBe("rolled-back");
    expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "7", share: 0 });
    expect(drive.now < at("02:10")).toBe(true);
  });

  it("does not shorten a watch that was paused, resumed in its last second", () => {
    const drive = begun();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    drive.now = at("02:05");
    drive.person({ type: "Pause" }, "look");
    declared(drive, { type: "DeclareSpan", kind: "freeze", name: "Fair", to: at("03:00") });
    drive.now = "2025-06-04T02:59:59.000Z" as Instant;
    drive.visit();
    drive.person({ type: "Resume" }, "seen");
    drive.runUntil(() => drive.state.steps.p1?.status === "done", END);
    expect(drive.state.steps.p1?.endedAt).toBe("2025-06-04T03:09:59.000Z");
    drive.runUntil(() => drive.state.steps.p2?.shiftedAt !== undefined, END);
    expect(shifts(drive)).toEqual(["p1 02:00", "p2 03:09", "p3 03:09"]);
  });

  it("stops a store that goes on by itself, and lets it go on after", () => {
    const drive = new Drive(samplePlan({}, "app-store"), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.components.app?.touched === true, END);
    declared(drive, { type: "DeclareSpan", kind: "freeze", name: "Fair", to: "2025-06-06T00:00:00.000Z" });
    drive.runUntil(() => false, "2025-06-05T23:00:00.000Z" as Instant);
    expect(drive.state.components.app?.held).toBe(true);
    drive.runUntil(() => drive.state.components.app?.held === false, END);
    expect(drive.now).toBe("2025-06-06T00:00:00.000Z");
  });

  it("is one even where the machine's clock is behind: the time of the write counts", () => {
    const drive = begun();
    drive.runUntil(() => drive.now >= at("02:16"), at("02:16"));
    declared(drive, freeze("02:20", "03:00"));
    drive.visit();
    // A machine that woke early, by a clock that is fast, is sent away; so is one that wakes in the freeze.
    for (const now of [minus(at("02:20"), minutes(1)), at("02:20"), at("02:59")]) {
      drive.now = now;
      drive.settle();
    }
    expect(shifts(drive)).toEqual(["p1 02:00"]);
  });
});

describe("a freeze known before", () => {
  it("lets a release begin a minute before it, and shifts nothing in it", () => {
    const calendar = rules({
      freezes: [{ name: "Morning", dates: "2025-06-04", from: "01:31", to: "06:00" }],
    });
    const drive = begun({}, calendar);
    drive.runUntil(() => drive.state.steps.p1?.shiftedAt !== undefined, END);
    expect(drive.state.startedAt).toBe(at("01:30"));
    expect(shifts(drive)).toEqual(["p1 06:00"]);
  });

  it("moves T where the start would fall into it, with the whole timeline", () => {
    const calendar = rules({
      freezes: [
        { name: "Night", dates: "2025-06-04", from: "01:00", to: "05:00" },
        { name: "Morning", dates: "2025-06-04", from: "05:00", to: "08:00" },
      ],
    });
    const drive = begun({}, calendar);
    drive.runUntil(() => drive.state.steps.p2?.shiftedAt !== undefined, END);
    expect(drive.log.filter(({ event }) => event.type === "StartMoved")).toHaveLength(1);
    expect(drive.state).toMatchObject({ t: at("08:30"), startedAt: at("08:00"), movedFrom: at("02:00") });
    expect(shifts(drive)).toEqual(["p1 08:30", "p2 08:50"]);
  });

  it("that is lifted early gives T back", () => {
    const drive = begun();
    declared(drive, freeze("01:00", "20:00"));
    drive.runUntil(() => false, at("01:10"));
    expect(drive.state.t).toBe(at("20:30"));
    declared(drive, { type: "LiftSpan", span: "freeze-1" });
    drive.runUntil(() => drive.state.steps.p1?.shiftedAt !== undefined, END);
    expect(shifts(drive)).toEqual(["p1 02:00"]);
    expect(drive.state.movedFrom).toBeUndefined();
  });

  it("holds what people do, unless the plan says that it may go on", () => {
    const steps = (inFreeze?: "go") =>
      samplePlan().steps.map((step) => (step.id === "freeze" ? { ...step, at: "T-10m", inFreeze } : step));
    const calendar = rules({ freezes: [{ name: "Now", dates: "2025-06-04", from: "01:45", to: "03:00" }] });
    for (const inFreeze of [undefined, "go"] as const) {
      const early = { id: "look-0", kind: "manual", at: "T-20m", do: "Look", owner: "Ops" };
      const drive = begun({ steps: [early, ...steps(inFreeze)] as never }, calendar);
      drive.runUntil(() => drive.state.steps.freeze?.status === "done", END);
      expect(drive.state.steps.freeze?.endedAt).toBe(inFreeze === "go" ? at("01:50") : at("03:00"));
    }
  });
});

describe("a release that needs a maintenance window", () => {
  const monthly = rules({ windows: [{ name: "Night", dates: "2025-06-05", from: "02:00", to: "04:00" }] });

  it("waits for it, and shifts nothing outside of it", () => {
    const short = samplePlan().steps.filter(({ id }) => ["freeze", "p1", "look", "p2"].includes(id));
    const drive = begun({ window: "required", steps: short as never, messages: [] }, monthly);
    drive.runUntil(() => drive.state.steps.p2?.shiftedAt !== undefined, END);
    expect(drive.state.startedAt).toBe("2025-06-05T02:00:00.000Z");
    expect(shifts(drive)).toEqual(["p1 02:30", "p2 02:50"]);
  });

  it("ends by itself where none comes", () => {
    const drive = begun({ window: "required" }, rules({}));
    drive.runUntil(({ status }) => status === "aborted", END);
    expect(drive.state).toMatchObject({ status: "aborted", why: expect.stringContaining("did not start") });
    expect(shifts(drive)).toEqual([]);
  });
});

describe("a hotfix in a freeze", () => {
  const hotfix = (severity: "SEV-1" | "SEV-2"): Partial<PlanInput> =>
    ({
      changeClass: "emergency",
      hotfix: { severity },
    }) as never;
  const all = rules({ freezes: [{ name: "Christmas in June", dates: "06-04..06-05" }] });
  const approved = (severity: "SEV-1" | "SEV-2", by = "Governance Board", count = 2): Drive => {
    const drive = new Drive(samplePlan({ ...hotfix(severity), approvals: [{ role: by, count }] }), EVE);
    drive.calendar = all;
    drive.openGates();
    return drive;
  };

  it("of SEV-1 with two of the board goes on, and says so in its record", () => {
    const drive = approved("SEV-1");
    drive.runUntil(() => drive.state.steps.p1?.shiftedAt !== undefined, at("23:00"));
    expect(shifts(drive)).toEqual(["p1 02:00"]);
    const said = drive.log.filter(({ event }) => event.type === "FreezeExempted");
    expect(said).toHaveLength(1);
    expect(said[0]?.event).toMatchObject({
      name: "Christmas in June",
      why: expect.stringContaining("SEV-1"),
    });
  });

  it("of SEV-2, or without two of the board, waits like any other", () => {
    for (const drive of [
      approved("SEV-2"),
      approved("SEV-1", "CTO"),
      approved("SEV-1", "Governance Board", 1),
    ]) {
      drive.runUntil(() => false, at("23:00"));
      expect(shifts(drive)).toEqual([]);
      expect(types(drive)).not.toContain("FreezeExempted");
    }
  });
});
