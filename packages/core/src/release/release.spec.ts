import { describe, expect, it } from "vitest";
import { verifyChain } from "../audit/chain.ts";
import type { Instant } from "../kit/instant.ts";
import { offsetOf } from "../kit/offset.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import type { ReleaseEvent } from "./events.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;

function drive(app: "app-store" | "google-play" = "google-play", change = {}) {
  const one = new Drive(samplePlan(change, app), EVE);
  one.openGates();
  return one;
}

function times(one: Drive, type: ReleaseEvent["type"]): [string, string][] {
  return one.log.flatMap(({ event, at }) =>
    event.type === type && "step" in event
      ? [[event.step, offsetOf(one.state.t ?? at, at)] as [string, string]]
      : [],
  );
}

describe("a release on the pure core", () => {
  it("runs every phase at the time its table says where the targets do as they are told", () => {
    const one = drive();
    expect(one.runUntil((state) => state.status === "reviewing", END)).toBe(true);
    expect(times(one, "ShiftDone")).toEqual([
      ["p1", "T"],
      ["p2", "T+20m"],
      ["p3", "T+30m"],
      ["p4", "T+2h30m"],
      ["p5", "T+6h30m"],
    ]);
    expect(times(one, "PhasePassed")).toEqual([
      ["p1", "T+15m"],
      ["p2", "T+50m"],
      ["p3", "T+2h30m"],
      ["p4", "T+6h30m"],
      ["p5", "T+1d6h30m"],
    ]);
    one.person({ type: "SignReview", role: "Release Manager", entries: { Lessons: "none" } });
    expect(one.state.status).toBe("completed");
    expect(verifyChain("REL-1", one.log)).toMatchObject({ ok: true });
  });

  it("starts App Store phases at their offsets and passes them when Apple's curve is there", () => {
    const one = drive("app-store");
    expect(one.runUntil((state) => state.status === "reviewing", END)).toBe(true);
    expect(times(one, "ShiftDone").slice(2)).toEqual([
      ["p3", "T+30m"],
      ["p4", "T+2h30m"],
      ["p5", "T+6h30m"],
    ]);
    expect(times(one, "PhasePassed").slice(2)).toEqual([
      ["p3", "T+3d30m"],
      ["p4", "T+5d30m"],
      ["p5", "T+6d30m"],
    ]);
  });

  it("goes back when its alarm fires at T+17 min, and the app never starts", () => {
    const one = drive();
    one.runUntil(() => one.now >= one.at(16), one.at(17));
    one.now = one.at(17);
    one.signal({ name: "Api5xx" });
    one.runUntil((state) => state.status === "rolled-back", END);
    expect(one.state.status).toBe("rolled-back");
    expect(one.world.read("api", one.now)).toMatchObject({ primary: "7", share: 0 });
    expect(one.state.components.app?.touched).toBe(false);
    expect(verifyChain("REL-1", one.log)).toMatchObject({ ok: true });
  });
});
