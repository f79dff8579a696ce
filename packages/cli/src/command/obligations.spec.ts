import { hours } from "@gonogo/core/kit/duration";
import { plus } from "@gonogo/core/kit/instant";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const stage = new Stage();
beforeAll(async () => {
  await stage.open();
  for (const id of ["REL-1", "REL-2"]) {
    const drive = stage.release(30, id);
    drive.person({ type: "Rollback" }, "it is bad");
    drive.settle();
  }
  const late = stage.api.drives.get("REL-2");
  if (late !== undefined) {
    late.now = plus(late.now, hours(49));
    late.visit();
  }
});
afterAll(() => stage.close());

describe("gonogo obligations", () => {
  it("lists what is owed of all releases, by its time, and says what is overdue", async () => {
    const { code, stdout } = await stage.gonogo(["obligations", "list"]);
    expect(code).toBe(0);
    const lines = stdout.split("\n").filter((line) => line.includes("postmortem"));
    expect(lines).toHaveLength(2);
    expect(lines.find((line) => line.includes("REL-1"))).toMatch(/open +REL-1 +postmortem +Release Manager/);
    expect(lines.find((line) => line.includes("REL-2"))).toMatch(/overdue +REL-2/);
  });

  it("lists only mine, and says where there is nothing", async () => {
    const mine = await stage.gonogo(["obligations", "list", "--mine", "--json"]);
    expect(JSON.parse(mine.stdout).items).toHaveLength(2);
    const otto = await stage.gonogo(["obligations", "list", "--mine"], { env: { GONOGO_AS: "otto" } });
    expect(otto.stdout.trim()).toBe("nothing is owed");
  });

  it("completes nothing without proof, and says what the server refuses", async () => {
    const bare = await stage.gonogo(["obligations", "complete", "REL-1", "postmortem"]);
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining("Give --note or --evidence")]);
    const refused = await stage.gonogo(["obligations", "complete", "REL-1", "postmortem", "--note", "held"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("sign the review");
  });

  it("is shown with its release", async () => {
    const { stdout } = await stage.gonogo(["release", "show", "REL-1"]);
    expect(stdout).toMatch(/Owed\n +open +.*postmortem/);
    await stage.gonogo(["release", "review", "REL-1", "--sign"]);
    const all = await stage.gonogo(["obligations", "list", "--all", "--json"]);
    expect(
      JSON.parse(all.stdout).items.map(({ release, open }: { release: string; open: boolean }) => [
        release,
        open,
      ]),
    ).toEqual([
      ["REL-2", true],
      ["REL-1", false],
    ]);
  });
});
