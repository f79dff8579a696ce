import type { Instant } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { releaseView } from "@gonogo/core/view/release";
import { describe, expect, it } from "vitest";
import { PLAIN, painter } from "../terminal/paint.ts";
import { width } from "../terminal/width.ts";
import { changeLines } from "./changes.ts";
import { sentence } from "./event.ts";
import { namesOf } from "./names.ts";
import { problemCount, problemLines } from "./problems.ts";
import { recordLines } from "./records.ts";
import { releaseLines } from "./release.ts";
import { typed } from "./typed.ts";
import { watchFrame } from "./watch.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-01T00:00:00.000Z" as Instant;
const MANAGER = person("maya", "Release Manager");

function driven(): Drive {
  const drive = new Drive(samplePlan(), EVE);
  drive.openGates();
  return drive;
}

function at(drive: Drive, minutes: number): Drive {
  drive.runUntil(() => drive.now >= drive.at(minutes), drive.at(minutes));
  drive.now = drive.at(minutes);
  return drive;
}

const view = (drive: Drive) => releaseView(drive.plan, drive.state, MANAGER, drive.now);

describe("a release on a terminal", () => {
  it("says where it stands, what it waits for and what may be typed", () => {
    const text = releaseLines(view(at(driven(), 5)), PLAIN).join("\n");
    expect(text).toContain("REL-1  Sample (Production)\nrunning; T 2025-06-04 02:00:00 UTC, now T+5 min");
    expect(text).toMatch(/api +7 -> 8 +\[##\.{18}\] +10 %/);
    expect(text).toMatch(/T +02:00:00 +watching +p1 +Ops +Shift api to 10 % \(until 02:15:00, 10 min left\)/);
    expect(text).toMatch(/Promote: Shift api to 10 % +gonogo release promote REL-1 --step p1 --reason "WHY"/);
  });

  it("tells a rollback with its cause", () => {
    const drive = at(driven(), 17);
    drive.signal({ name: "Api5xx" });
    drive.runUntil(({ status }) => status === "rolled-back", END);
    const text = releaseLines(view(drive), PLAIN).join("\n");
    expect(text).toContain("rollback since 02:17:00: Api5xx");
    expect(text).toMatch(/02:17:00 +rollback +API 5xx > 3 % for 10 min/);
    expect(text).toMatch(/done +02:17:00 .*api back on 7/);
  });

  it.each([
    [80, 24],
    [40, 15],
    [20, 6],
  ])("draws a frame that fits %i columns and %i rows", (columns, rows) => {
    const frame = watchFrame(view(at(driven(), 5)), painter(true), { columns, rows });
    expect(frame.length).toBeLessThan(rows);
    for (const line of frame) expect(width(line)).toBeLessThan(columns);
    expect(frame.join("\n")).toContain("REL-1");
  });

  it("keeps the step of the present in a frame with room for few", () => {
    const drive = at(driven(), 25);
    const frame = watchFrame(view(drive), PLAIN, { columns: 100, rows: 19 }).join("\n");
    expect(frame).toContain("watching");
    expect(frame).not.toContain("Freeze main");
  });
});

describe("changes of a release", () => {
  it("are told once, each with its time", () => {
    const drive = at(driven(), 5);
    const before = view(drive);
    expect(changeLines(before, before, PLAIN)).toEqual([]);
    const after = view(at(drive, 20));
    expect(changeLines(before, after, PLAIN)).toEqual([
      "2025-06-04 02:20:00Z T+20 min        p1 done: Shift api to 10 %",
      "2025-06-04 02:20:00Z T+20 min        look done: 5xx below 1 %",
      "2025-06-04 02:20:00Z T+20 min        p2 watching until 02:50:00: Shift api to 100 %",
      "2025-06-04 02:20:00Z T+20 min        api at 100 %",
    ]);
  });

  it("tell a pause, and who is asked", () => {
    const drive = at(driven(), 5);
    const before = view(drive);
    drive.ask(MANAGER, { type: "Pause" }, "smoke in the room");
    const lines = changeLines(before, view(drive), PLAIN).join("\n");
    expect(lines).toContain("paused: smoke in the room");
    expect(lines).toContain("waits for Release Manager: Paused: smoke in the room");
  });
});

describe("records as a timeline", () => {
  it("has a heading for each day and its times in one column", () => {
    const drive = driven();
    drive.runUntil(({ status }) => status === "reviewing", END);
    const shown = {
      records: drive.log,
      names: namesOf(view(drive)),
      people: {},
      t: drive.state.t,
      audit: true,
    };
    const lines = recordLines(shown, PLAIN);
    expect(lines.filter((line) => line.endsWith("(UTC)"))).toEqual(["2025-06-04 (UTC)", "2025-06-05 (UTC)"]);
    const times = lines
      .filter((line) => !line.endsWith("(UTC)"))
      .map((line) => line.search(/\d\d:\d\d:\d\d/));
    expect(new Set(times).size).toBe(1);
    expect(lines).toHaveLength(drive.log.length + 2);
  });

  it("has words of its own for every event of a release that goes well and of one that goes back", () => {
    const good = driven();
    good.runUntil(({ status }) => status === "reviewing", END);
    const bad = at(driven(), 17);
    bad.signal({ name: "Api5xx" });
    bad.ask(person("x", "Nobody"), { type: "Pause" }, "why not");
    bad.runUntil(({ status }) => status === "rolled-back", END);
    for (const drive of [good, bad]) {
      const names = namesOf(view(drive));
      for (const { event } of drive.log) expect(sentence(event, names), event.type).not.toBe(event.type);
    }
  });

  it("shows an event that it does not know by its name", () => {
    expect(sentence({ type: "Teleported" } as never, namesOf(view(driven())))).toBe("Teleported");
  });
});

describe("problems", () => {
  const place = (line: number) => ({ file: "plan.yaml", line, column: 3 });
  const problems = [
    { code: "plan.b", severity: "warning", message: "second", place: place(9), fix: "write it so" },
    { code: "plan.a", severity: "error", message: "first", place: place(2) },
  ] as const;

  it("stand in the order of their lines, with what to write below", () => {
    expect(problemLines(problems, PLAIN)).toEqual([
      "plan.yaml:2:3 error plan.a: first",
      "plan.yaml:9:3 warning plan.b: second",
      "    write it so",
    ]);
  });

  it("are counted", () => {
    expect(problemCount(problems)).toBe("1 error, 1 warning");
    expect(problemCount([])).toBe("no problems");
  });
});

describe("a command to type", () => {
  it.each([
    [{ type: "Approve", role: "Release Manager", plan: "sha256:1" }, 'approve R --role "Release Manager"'],
    [{ type: "Vote", role: "Ops", vote: "no-go" }, 'vote R no-go --role Ops --reason "WHY"'],
    [{ type: "CompleteStep", step: "s", ok: false }, "complete R s --failed"],
    [{ type: "Promote" }, 'promote R --reason "WHY"'],
    [{ type: "Rollback" }, 'rollback R --reason "WHY"'],
    [{ type: "SignReview", role: "Ops", entries: {} }, "review R --sign"],
  ] as const)("%j", (command, line) => {
    expect(typed("R", command)).toBe(`gonogo release ${line}`);
  });
});
