import { describe, expect, it } from "vitest";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { previewOf } from "../plan/preview.ts";
import type { PlanInput } from "../plan/schema.ts";
import { Drive, person } from "../testing/drive.ts";
import { phase, samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { pointsOfNoReturn, reachable } from "./reachable.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;
const DBA = person("dba", "DBA");

const contract = {
  id: "contract",
  kind: "manual" as const,
  at: "T+1 h",
  do: "Drop the old column",
  owner: "Ops",
  undo: "Restore the backup",
  oneWay: { why: "the old version needs the column", approvals: ["DBA"], endangers: ["api"] },
};

function driveOf(change: Partial<PlanInput> = {}, app: "app-store" | "google-play" = "google-play"): Drive {
  const roles = ["Release Manager", "Ops", "CTO", "Security", "Mobile Lead", "DBA"].map((name) => ({ name }));
  const steps = [
    phase("p1", "T", "api", 10, "15 min"),
    phase("p2", "T+20 min", "api", 100, "30 min"),
    contract,
    phase("p3", "T+2 h", "app", 100, "2 h"),
  ];
  const drive = new Drive(samplePlan({ roles, messages: [], steps, ...change }, app), EVE);
  drive.openGates();
  return drive;
}

function approve(drive: Drive, actor = DBA, plan: string = drive.state.plan) {
  return drive.ask(actor, { type: "ApproveStep", step: "contract", role: "DBA", plan });
}

describe("a step from which there is no way back", () => {
  it("waits for its own approvals, and says on whom", () => {
    const drive = driveOf();
    drive.runUntil(({ steps }) => steps.p2?.status === "done", END);
    drive.runUntil(() => false, fromMillis(toMillis(drive.state.t ?? EVE) + 90 * 60_000));
    expect(drive.state.steps.contract?.status ?? "waiting").toBe("waiting");
    const { waitsFor, oneWay } = releaseView(drive.plan, drive.state, DBA, drive.now);
    expect(waitsFor).toContainEqual(
      expect.objectContaining({
        who: ["DBA"],
        what: expect.stringContaining("no way back: Drop the old column"),
      }),
    );
    expect(oneWay).toMatchObject([{ step: "contract", taken: false, loses: ["api"], given: [] }]);
    expect(approve(drive).ok).toBe(true);
    drive.runUntil(({ steps }) => steps.contract?.status === "done", END);
    expect(releaseView(drive.plan, drive.state, DBA, drive.now).oneWay[0]).toMatchObject({
      taken: true,
      given: [{ role: "DBA" }],
    });
  });

  it("may be approved before the release begins, on this plan, by somebody else than who submitted it, once", () => {
    const drive = driveOf();
    const codes = [
      approve(drive, person("x", "Ops")),
      approve(drive, DBA, "sha256:other"),
      approve(drive, person("requester", "DBA")),
      approve(drive, { kind: "tool", id: "tool", roles: ["DBA"] } as never),
      drive.ask(DBA, { type: "ApproveStep", step: "p1", role: "DBA", plan: drive.state.plan }),
    ].map((decision) => (decision.ok ? "ok" : decision.rejection.code));
    expect(codes).toEqual([
      "one-way.not-your-role",
      "one-way.other-plan",
      "one-way.own-release",
      "one-way.not-a-person",
      "one-way.unknown-step",
    ]);
    expect(approve(drive).ok).toBe(true);
    expect(approve(drive)).toMatchObject({ rejection: { code: "one-way.already-given" } });
  });

  it("does not begin while a phase that it takes the way back of is still under way", () => {
    const drive = driveOf();
    approve(drive);
    drive.world.values.set("errors", { value: 2, count: 100_000 });
    drive.runUntil(({ steps }) => steps.p1?.status === "held", END);
    drive.runUntil(() => false, fromMillis(toMillis(drive.now) + 60_000));
    expect(drive.state.steps.contract).toBeUndefined();
  });

  it("behind it, a rollback goes back as far as it can and says what stays", () => {
    const drive = driveOf();
    approve(drive);
    drive.runUntil(({ steps }) => steps.p3?.status === "watching", END);
    expect(reachable(drive.plan, drive.state).components).toMatchObject([
      { component: "api", to: "kept", since: "contract" },
      { component: "app", to: "previous" },
    ]);
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.status).toBe("rolled-back");
    expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "8", share: 100 });
    expect(drive.world.read("app", drive.now)).toMatchObject({ primary: "7", share: 0 });
    expect(drive.state.rollback?.kept?.map(({ what }) => what)).toEqual([
      "api stays on 8",
      "Drop the old column",
    ]);
    expect(drive.state.rollback?.items.map(({ id }) => id)).toEqual(["app"]);
    const told = Object.entries(drive.state.messages).find(([id]) => id.startsWith("auto:rolled-back-1"));
    expect(told?.[1].text).toContain("What stays: api stays on 8");
  });

  it("before it, everything still goes back", () => {
    const drive = driveOf();
    drive.runUntil(({ steps }) => steps.p2?.status === "watching", END);
    expect(reachable(drive.plan, drive.state).components[0]).toEqual({ component: "api", to: "previous" });
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.world.read("api", drive.now)).toMatchObject({ primary: "7", share: 0 });
    expect(drive.state.rollback?.kept).toBeUndefined();
  });

  it("that was left out has taken nothing", () => {
    const drive = driveOf();
    drive.runUntil(({ steps }) => steps.p2?.status === "done", END);
    drive.person({ type: "Skip", step: "contract" });
    expect(reachable(drive.plan, drive.state).components[0]?.to).toBe("previous");
  });

  it("a store's rollout can be stopped, and a build that all users have is there to stay", () => {
    const steps = [
      phase("p3", "T", "app", 10, "2 h"),
      { ...phase("p5", "T+7 days", "app", 100, "24 h"), oneWay: true as const },
    ];
    const drive = driveOf({ steps }, "app-store");
    drive.runUntil(({ steps: all }) => all.p3?.status === "watching", END);
    expect(reachable(drive.plan, drive.state).components[1]).toMatchObject({
      component: "app",
      to: "stopped",
    });
    drive.runUntil(({ steps: all }) => all.p5?.shiftedAt !== undefined, END);
    expect(reachable(drive.plan, drive.state).components[1]).toMatchObject({ component: "app", to: "kept" });
  });

  it("is shown where it lies, before the release", () => {
    const { plan } = driveOf();
    expect(pointsOfNoReturn(plan)).toMatchObject([
      { step: "contract", loses: ["api"], keepsWayBack: ["app"] },
    ]);
    const row = previewOf(plan).find(({ what }) => what === "Drop the old column");
    expect(row?.oneWay).toBe(
      "point of no return (T+1 h): api cannot go back, app still can; the old version needs the column",
    );
  });
});
