import { describe, expect, it } from "vitest";
import { minutes, ms } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { Drive } from "../testing/drive.ts";
import { phase, samplePlan } from "../testing/plans.ts";
import { nextVisit } from "./tick.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;

describe("a release whose traffic was taken off", () => {
  const plan = samplePlan({
    steps: [phase("p1", "T", "api", 10, "15 min"), phase("p2", "T+20 min", "api", 100, "30 min")],
    messages: [],
    triggers: [
      {
        id: "slow",
        says: "it is slow",
        metric: "errors",
        signals: [{ from: "cloudwatch", name: "Api5xx" }],
        respond: "reduce",
        reduceTo: 0,
        owner: "Ops",
      },
    ],
  });

  function reduced(): Drive {
    const drive = new Drive(plan, EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
    drive.signal({ name: "Api5xx" });
    // What the effect of the trigger does: the share goes down, and that is on record.
    const observed = drive.world.read("api", drive.now);
    const machine = { kind: "machine", name: "rollout" } as const;
    drive.ask(machine, { type: "IntendShift", step: "p1", observed, alarms: [], why: "reduce", percent: 0 });
    const { observed: after } = drive.world.shift("api", 0, observed, drive.now);
    const back = {
      primary: "7",
      share: 0,
      ...(after.revision === undefined ? {} : { revision: after.revision }),
    };
    drive.world.tamper("api", back);
    const outcome = { kind: "shifted", observed: drive.world.read("api", drive.now) } as const;
    drive.ask(machine, { type: "RecordShift", step: "p1", percent: 0, why: "reduce", outcome });
    return drive;
  }

  it("shifts the share again after a resume, and watches it anew: the old version proves nothing", () => {
    const drive = reduced();
    expect(drive.state.components.api?.observed.share).toBe(0);
    expect(drive.person({ type: "Resume" }).ok).toBe(true);
    expect(drive.state.steps.p1?.status).toBe("waiting");
    drive.settle();
    expect(drive.world.read("api", drive.now).share).toBe(10);
    expect(drive.state.steps.p1?.watchUntil).toBe(plus(drive.now, minutes(15)));
  });

  it("passes no phase meanwhile, whatever the metrics say", () => {
    const drive = reduced();
    drive.runUntil(() => false, drive.at(120));
    expect(drive.log.some(({ event }) => event.type === "PhasePassed")).toBe(false);
  });
});

describe("a release that is late", () => {
  it("reads a check as long after the shift as the plan says", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.punctual = false;
    // The freeze is done an hour late, and so is everything that waits for it.
    drive.runUntil(() => drive.now >= drive.at(60), drive.at(60));
    drive.punctual = true;
    drive.runUntil(() => drive.state.steps.look?.status === "done", END);
    const shifted = drive.state.steps.p1?.shiftedAt;
    if (shifted === undefined) throw new Error("phase 1 was not shifted");
    expect(shifted > drive.at(59)).toBe(true);
    expect(drive.state.steps.look?.endedAt).toBe(plus(shifted, minutes(15)));
  });
});

describe("a vote whose time was before the start", () => {
  it("is opened by a visit at once", () => {
    const poll = { at: "T-30m", closes: "T", roles: ["CTO"] };
    const drive = new Drive(samplePlan({ poll }), EVE);
    drive.openGates();
    drive.punctual = false;
    drive.runUntil(() => drive.state.startedAt !== undefined, END);
    const { poll: _, ...unopened } = drive.state;
    expect(nextVisit(drive.plan, unopened, drive.now)).toBe(plus(drive.now, ms(1_000)));
  });
});
