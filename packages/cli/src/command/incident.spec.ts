import { readFileSync } from "node:fs";
import { join } from "node:path";
import { personId } from "@gonogo/core/actor/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

describe("gonogo release incident", () => {
  it("declares and resolves what is mended forward, and exports its report with the postmortem's date", async () => {
    stage.release(5, "REL-F");
    const none = await stage.gonogo(["release", "export", "REL-F", "--as", "incident"]);
    expect([none.code, none.stderr]).toEqual([
      expect.not.stringMatching(/^0$/),
      expect.stringContaining("no incident"),
    ]);
    const declared = await stage.gonogo([
      "release",
      "incident",
      "REL-F",
      "--summary",
      "prices are rounded down",
    ]);
    expect([declared.code, declared.stdout]).toEqual([0, expect.stringContaining("the incident is open")]);
    await stage.gonogo(["release", "resolve", "REL-F", "--how", "the flag is off"]);
    const out = await stage.gonogo(["release", "export", "REL-F", "--as", "incident", "--out", "report"]);
    expect([out.code, out.stderr]).toEqual([0, expect.anything()]);
    const report = readFileSync(join(stage.folder, "report/INC-REL-F.md"), "utf8");
    expect(report).toContain("prices are rounded down");
    expect(report).toContain("the flag is off");
    const calendar = readFileSync(join(stage.folder, "report/postmortem-REL-F.ics"), "utf8");
    expect(calendar.endsWith("END:VCALENDAR\r\n")).toBe(true);
  });

  it("takes a review bit by bit, and owes its actions from the signature on", async () => {
    const drive = stage.release(5, "REL-B");
    drive.person({ type: "Rollback" }, "it is bad");
    drive.settle();
    const review = (...args: string[]) => stage.gonogo(["release", "review", "REL-B", ...args]);
    const malformed = await review("--action", "probes;QA;soon;Probe it");
    expect([malformed.code, malformed.stderr]).toEqual([2, expect.stringContaining("id;role;due;what")]);
    const wrongDay = await review("--held", "2025-02-30");
    expect(wrongDay.code).toBe(2);
    const maya = personId("attendee", "Maya Okafor");
    const args = ["--held", "2025-06-05", "--attendee", maya, "--lesson", "look twice", "--impact", "minor"];
    expect((await review(...args)).code).toBe(0);
    expect((await review("--action", "probes;QA;2025-07-01;Probe; and again", "--sign")).code).toBe(0);
    expect(drive.state.review.answers).toMatchObject({
      heldOn: "2025-06-05",
      lessons: ["look twice"],
      userImpact: "minor",
    });
    const shown = await stage.gonogo(["release", "show", "REL-B"]);
    expect(shown.stdout).toMatch(/action-probes +QA +Probe; and again/);
    expect(shown.stdout).toMatch(/Passes\n +no +Every phase was executed/);
  });
});
