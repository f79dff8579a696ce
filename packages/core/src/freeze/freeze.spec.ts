import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { lintPlan } from "../plan/lint/index.ts";
import { checkPlan } from "../plan/read.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const LATER = "2025-06-20T00:00:00.000Z" as Instant;
// From T+10 min to T+3 h.
const freeze = { name: "Quarter end", from: "2025-06-04T02:10:00Z", to: "2025-06-04T05:00:00Z" };

describe("a plan with a freeze", () => {
  it("is told at submission which phases run into it", () => {
    const found = lintPlan(samplePlan({ freezes: [freeze] })).filter(
      ({ code }) => code === "plan.into-freeze",
    );
    expect(found.map(({ message }) => message.slice(0, 9))).toEqual(["p2 is due", "p3 is due", "p4 is due"]);
  });

  it("shifts nothing in it, and goes on when it is over", () => {
    const drive = new Drive(samplePlan({ freezes: [freeze] }), EVE);
    drive.openGates();
    drive.runUntil(() => drive.state.steps.p2?.shiftedAt !== undefined, LATER);
    const shifted = drive.log.filter(({ event }) => event.type === "ShiftIntended").map(({ at }) => at);
    const thaw = "2025-06-04T05:00:00.000Z";
    expect(shifted).toEqual(["2025-06-04T02:00:00.000Z", thaw, thaw]);
  });

  it("is rolled back in the midst of it", () => {
    const drive = new Drive(samplePlan({ freezes: [freeze] }), EVE);
    drive.openGates();
    drive.runUntil(() => drive.now >= "2025-06-04T02:30:00.000Z", LATER);
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", LATER);
    expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "7", share: 0 });
    expect(drive.now < "2025-06-04T05:00:00.000Z").toBe(true);
  });

  it("cannot have one that ends before it begins", () => {
    const { problems } = checkPlan({ ...samplePlan(), freezes: [{ ...freeze, to: freeze.from }] });
    expect(problems[0]).toMatchObject({ pointer: "/freezes/0/to" });
  });
});
