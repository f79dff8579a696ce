import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { Drive } from "../testing/drive.ts";
import { phase, samplePlan } from "../testing/plans.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;

/** The app crashes while the service, which it does not need, has `share` of the traffic. */
function crashWith(share: number): Drive {
  const plan = samplePlan({
    steps: [phase("p1", "T", "api", share, "15 min"), phase("p3", "T+30 min", "app", 10, "2 h")],
    messages: [],
    triggers: [
      {
        id: "crash",
        says: "the app crashes",
        signals: [{ from: "sentry", name: "Crashes" }],
        respond: "rollback",
        component: "app",
        owner: "Mobile Lead",
      },
    ],
  });
  const drive = new Drive(plan, EVE);
  drive.openGates();
  drive.runUntil(() => drive.state.steps.p3?.status === "watching", END);
  drive.signal({ source: "sentry", name: "Crashes" });
  drive.runUntil(({ status }) => status === "rolled-back", END);
  return drive;
}

describe("a rollback of one component", () => {
  it("leaves what is whole on its new version and needs nothing of it", () => {
    const drive = crashWith(100);
    expect(drive.state.rollback?.scope).toEqual(["app"]);
    expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "8", share: 100 });
  });

  it("takes along what is in midway, since nobody watches it any more", () => {
    const drive = crashWith(10);
    expect(drive.state.rollback?.scope).toEqual(["app", "api"]);
    expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "7", share: 0 });
  });
});
