import { describe, expect, it } from "vitest";
import { CLOCK } from "../actor/schema.ts";
import { minutes } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";

const EVE = "2025-06-03T01:00:00.000Z" as Instant;
const BEFORE = "2025-06-03T23:00:00.000Z" as Instant;

function ready(): Drive {
  const drive = new Drive(samplePlan(), EVE);
  drive.openGates();
  return drive;
}

function look(drive: Drive, problems: readonly string[]): void {
  const seen = drive.world.see(drive.now, drive.now);
  drive.ask(CLOCK, { type: "Observe", seen: { ...seen, readiness: { problems } } });
}

const types = (drive: Drive) => drive.log.map(({ event }) => event.type);

describe("readiness between approval and T", () => {
  it("is looked at every quarter of an hour in the last hours, and not before", () => {
    const drive = ready();
    look(drive, ["api: the alias is gone"]);
    expect(types(drive)).not.toContain("ReadinessLost");
    drive.now = "2025-06-03T20:00:00.000Z" as Instant;
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe("2025-06-03T22:30:00.000Z");
    drive.now = BEFORE;
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe(plus(BEFORE, minutes(15)));
  });

  it("closes the gates when it is lost, says so once, and opens them when it is well again", () => {
    const drive = ready();
    drive.now = BEFORE;
    look(drive, []);
    expect(drive.state.status).toBe("ready");
    for (let time = 0; time < 3; time++) look(drive, ["the alarm Api5xx cannot be found"]);
    expect(drive.state).toMatchObject({ status: "gates" });
    expect(types(drive).filter((type) => type === "ReadinessLost")).toHaveLength(1);
    const closed = drive.log.find(({ event }) => event.type === "GatesClosed")?.event;
    expect(closed).toMatchObject({ why: "the alarm Api5xx cannot be found" });
    const told = Object.values(drive.state.messages).filter(({ text }) => text.includes("no longer ready"));
    expect(told).toHaveLength(1);
    drive.now = plus(BEFORE, minutes(15));
    look(drive, []);
    expect(drive.state).toMatchObject({ status: "ready", t: "2025-06-04T02:00:00.000Z" });
    expect(drive.state.readiness).toBeUndefined();
  });

  it("that stays lost starts nothing, and ends the release by its own limit", () => {
    const drive = ready();
    drive.now = BEFORE;
    look(drive, ["api: the alias is gone"]);
    drive.runUntil(({ status }) => status === "aborted", "2025-06-06T00:00:00.000Z" as Instant);
    expect(drive.state.status).toBe("aborted");
    expect(types(drive)).not.toContain("ReleaseStarted");
  });
});
