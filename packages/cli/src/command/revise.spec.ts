import { writePlan } from "@gonogo/core/plan/write";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
  stage.file("later.yaml", writePlan(samplePlan({ start: "2025-06-04T03:00:00Z" })));
});
afterEach(() => stage.close());

const REVISE = ["release", "revise", "REL-1", "later.yaml", "--reason", "the window has moved"];

describe("gonogo release revise", () => {
  it("shows what would change and fall, and records nothing", async () => {
    const drive = stage.release();
    drive.openGates();
    const before = drive.log.length;
    const tried = await stage.gonogo([...REVISE, "--dry-run"]);
    expect(tried).toMatchObject({ code: 0, stderr: expect.stringContaining("nothing was recorded") });
    expect(tried.stdout).toContain(
      "Changes start: 2025-06-04T02:00:00.000Z becomes 2025-06-04T03:00:00.000Z",
    );
    expect(tried.stdout).toContain("Makes the approval of CTO void.");
    expect(drive.log).toHaveLength(before);
  });

  it("puts the plan in the place of the one before, and says what fell", async () => {
    const drive = stage.release();
    drive.openGates();
    const revised = await stage.gonogo(REVISE);
    expect(revised).toMatchObject({ code: 0, stdout: expect.stringContaining("has revision 2 of its plan") });
    expect(revised.stderr).toContain("void: the approval CTO");
    expect(drive.state).toMatchObject({ revision: 2, approvals: {} });
    const shown = await stage.gonogo(["release", "show", "REL-1"]);
    expect(shown.stdout).toContain("Revisions of the plan");
    expect(shown.stdout).toContain("the window has moved");
    const json = JSON.parse((await stage.gonogo(["release", "show", "REL-1", "--json"])).stdout);
    expect(json.revisions).toHaveLength(1);
  });

  it("is refused when it runs, needs a reason, and does not write over what changed meanwhile", async () => {
    stage.release(5);
    expect(await stage.gonogo(REVISE)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("roll it back"),
    });
    const tried = await stage.gonogo([...REVISE, "--dry-run"]);
    expect(tried).toMatchObject({ code: 1, stderr: expect.stringContaining("would be refused") });
    expect((await stage.gonogo(REVISE.slice(0, 4))).code).toBe(2);
    const from = `sha256:${"0".repeat(64)}`;
    stage.release();
    const stale = await stage.gonogo([...REVISE, "--from", from]);
    expect(stale).toMatchObject({ code: 1, stderr: expect.stringContaining("read it again") });
  });
});
