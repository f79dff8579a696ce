import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { writePlan } from "@gonogo/core/plan/write";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const LATER = "2025-08-01T00:00:00.000Z" as Instant;
const REHEARSE = {
  targets: {
    api: { kind: "lambda-alias" as const, function: "api", alias: "staging" },
    app: { kind: "google-play" as const, track: "internal" as const },
  },
};

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
  stage.file("tried.yaml", writePlan(samplePlan({ rehearse: REHEARSE })));
});
afterEach(() => stage.close());

describe("gonogo release rehearse and gonogo drills", () => {
  it("tries a plan's way back in a release of its own, up to a phase", async () => {
    const tried = await stage.gonogo(["release", "rehearse", "tried.yaml", "--to", "p1", "--json"]);
    expect(tried.code).toBe(0);
    const { release } = JSON.parse(tried.stdout) as { release: string };
    const drive = stage.api.drives.get(release);
    expect(drive?.plan.rehearsalOf?.release).toBe("REL-1");
    expect(drive?.plan.steps.filter(({ kind }) => kind === "phase").map(({ id }) => id)).toEqual(["p1"]);
    expect((await stage.gonogo(["release", "rehearse", "tried.yaml"])).stdout).toContain(
      "and back by itself",
    );
  });

  it("says what a plan lacks for it, or what is wrong with where", async () => {
    const none = await stage.gonogo(["release", "rehearse", "plan.yaml"]);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("does not say where") });
    const where = await stage.gonogo(["release", "rehearse", "tried.yaml", "--environment", "moon"]);
    expect(where).toMatchObject({ code: 1, stderr: expect.stringContaining("not in moon") });
  });

  it("lists what is due to be drilled, and exits with 1 while something is", async () => {
    expect(await stage.gonogo(["drills"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("no plan says"),
    });
    stage.release(undefined, "REL-1", { rehearse: REHEARSE });
    const due = await stage.gonogo(["drills"]);
    expect(due).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/overdue +api +staging .*never tried/),
    });
    const rehearsed = await stage.gonogo(["release", "rehearse", "tried.yaml", "--json"]);
    const { release } = JSON.parse(rehearsed.stdout) as { release: string };
    const drive = stage.api.drives.get(release);
    drive?.runUntil(({ rehearsal }) => rehearsal !== undefined, LATER);
    expect(drive?.state.rehearsal?.outcome).toBe("confirmed");
    const fine = await stage.gonogo(["drills", "--json"]);
    expect(fine.code).toBe(0);
    const { items } = JSON.parse(fine.stdout) as {
      items: { overdue: boolean; last?: { release: string } }[];
    };
    expect(items.map(({ overdue, last }) => [overdue, last?.release])).toEqual([
      [false, release],
      [false, release],
    ]);
    stage.api.now = new Date(toMillis(LATER) + 90 * 86_400_000).toISOString() as Instant;
    expect((await stage.gonogo(["drills"])).code).toBe(1);
  });
});

describe("gonogo release hypercare", () => {
  it("answers what is asked in the round that is open, once", async () => {
    const hypercare = { checks: [{ id: "logs", check: "Nothing new in the logs", owner: "Ops" }] };
    const drive = stage.release(undefined, "REL-1", { hypercare, triggers: [] });
    const answer = ["release", "hypercare", "REL-1", "logs", "pass", "--result", "nothing new"];
    expect(await stage.gonogo(answer)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("still to come"),
    });
    drive.openGates();
    drive.runUntil(({ hypercare: care }) => care?.round === 1, LATER);
    expect((await stage.gonogo(["release", "show", "REL-1"])).stdout).toContain("Hypercare");
    const before = drive.log.length;
    const tried = await stage.gonogo([...answer, "--dry-run"], {
      env: { GONOGO_SERVER: stage.server, GONOGO_AS: "otto" },
    });
    expect(tried.code).toBe(0);
    expect(drive.log).toHaveLength(before);
    const as = { env: { GONOGO_SERVER: stage.server, GONOGO_AS: "otto" } };
    expect((await stage.gonogo(answer, as)).stdout).toContain("logs is answered");
    expect(drive.state.hypercare?.passed).toBe(1);
    expect((await stage.gonogo(answer, as)).stderr).toContain("the next one asks again");
    expect((await stage.gonogo(answer.slice(0, 5), as)).code).toBe(2);
  });
});
