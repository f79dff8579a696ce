import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, it } from "vitest";
import { eventsOf } from "./world.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-09-30T00:00:00.000Z" as Instant;

function limited(): Drive {
  const drive = new Drive(samplePlan({ limits: { maxDuration: "3 h" } }), EVE);
  drive.openGates();
  return drive;
}

describe("S12 limit", () => {
  it("past its longest the release shifts nothing more and asks; silence puts it back", () => {
    const drive = limited();
    drive.runUntil(({ limitReachedAt }) => limitReachedAt !== undefined, END);
    expect(drive.now).toBe(drive.at(180));
    expect(drive.state.decisions.limit).toMatchObject({ by: drive.at(210), onSilence: "rollback" });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.rollback?.startedAt).toBe(drive.at(210));
    expect(eventsOf(drive.log, "ShiftIntended").map(({ step }) => step)).not.toContain("p5");
  });

  it("going on is for as long again, and then it asks again", () => {
    const drive = limited();
    for (const minutes of [180, 360, 540]) {
      expect(drive.runUntil(({ paused }) => paused !== undefined, END)).toBe(true);
      expect(drive.now).toBe(drive.at(minutes));
      expect(drive.person({ type: "Resume" })).toMatchObject({ ok: true });
    }
    expect(eventsOf(drive.log, "LimitReached")).toHaveLength(3);
    expect(drive.state.status).toBe("running");
  });

  it("holds for a release that stands paused, and that somebody resumed once and forgot", () => {
    const drive = limited();
    drive.runUntil(({ paused }) => paused !== undefined, END);
    drive.person({ type: "Resume" });
    drive.person({ type: "Pause" }, "lunch");
    drive.punctual = false;
    drive.runUntil(({ endedAt }) => endedAt !== undefined, END);
    expect(drive.state.rollback?.startedAt).toBe(fromMillis(toMillis(drive.at(0)) + 6.5 * 3_600_000));
  });
});
