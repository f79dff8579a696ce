import { describe, expect, it } from "vitest";
import { CLOCK } from "../actor/schema.ts";
import { exportMarkdown } from "../document/export/index.ts";
import { days, hours } from "../kit/duration.ts";
import { type Instant, plus, since } from "../kit/instant.ts";
import type { PlanInput } from "../plan/schema.ts";
import type { ReleaseEvent } from "../release/events.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { hypercareMoments } from "./rounds.ts";
import { hypercareRequests } from "./wanted.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-12-31T00:00:00.000Z" as Instant;
const CARE: NonNullable<PlanInput["hypercare"]> = {
  for: "28 d",
  checks: [
    { id: "slo", check: "Errors are within their objective", owner: "Ops", metric: "errors" },
    { id: "logs", check: "The error log has nothing new", owner: "Mobile Lead" },
  ],
};

function cared(care = CARE): Drive {
  const drive = new Drive(samplePlan({ hypercare: care }), EVE);
  drive.openGates();
  drive.runUntil(({ status }) => status === "reviewing", END);
  drive.person({ type: "SignReview", role: "Release Manager", entries: {} });
  return drive;
}

/** Visits as often as the clock is asked to; `each` after every visit. */
function pass(drive: Drive, until: Instant, each: () => void = () => {}): void {
  for (let visits = 0; visits < 500; visits++) {
    const next = nextVisit(drive.plan, drive.state, drive.now);
    if (next === undefined || next > until) break;
    drive.now = next;
    drive.visit();
    for (const [message, { status }] of Object.entries(drive.state.messages)) {
      if (status === "due") drive.ask(CLOCK, { type: "RecordMessage", message, sent: true, detail: "sent" });
    }
    each();
  }
  drive.now = until;
}

function events<T extends ReleaseEvent["type"]>(drive: Drive, type: T): Extract<ReleaseEvent, { type: T }>[] {
  return drive.log.flatMap(({ event }) =>
    event.type === type ? [event as Extract<ReleaseEvent, { type: T }>] : [],
  );
}

const answer = (drive: Drive, check: string, role: string, isWell = true) =>
  drive.ask(person(role, role), { type: "AnswerHypercare", check, pass: isWell, result: "looked" });

describe("hypercare", () => {
  it("is none where the plan has none", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(({ status }) => status === "reviewing", END);
    expect(drive.state.hypercare).toBeUndefined();
  });

  it("comes every day for a week, then every two days, goes on after the release has ended, and ends", () => {
    const drive = cared();
    const started = drive.state.hypercare?.startedAt ?? EVE;
    expect(drive.state.status).toBe("completed");
    pass(drive, plus(started, days(60)), () => answer(drive, "logs", "Mobile Lead"));
    const daysOf = events(drive, "HypercareRoundOpened").map(({ due }) => since(started, due));
    expect(daysOf).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27].map((day) => days(day)),
    );
    expect(events(drive, "HypercareEnded")).toEqual([
      { type: "HypercareEnded", rounds: 17, passed: 34, failed: 0, held: 0, missed: 0 },
    ]);
    expect(hypercareMoments(drive.state)).toEqual([]);
    const [, plan] = exportMarkdown(drive.plan, drive.state, drive.log);
    expect(plan?.text).toContain("### Hypercare");
    expect(plan?.text).toContain("34 passed, 0 failed, 0 could not be judged, 0 not answered");
  });

  it("reads what a machine reads, asks people for the rest, and pages for what fails", () => {
    const drive = cared();
    drive.world.values.set("errors", { value: 5, count: 100_000 });
    pass(drive, plus(drive.state.hypercare?.startedAt ?? EVE, hours(25)));
    expect(events(drive, "HypercareChecked")).toMatchObject([{ round: 1, check: "slo", verdict: "fail" }]);
    const told = events(drive, "MessageDue").filter(({ message }) => message.includes("hypercare"));
    expect(told.map(({ audience, text }) => [audience, text])).toEqual([
      ["page", expect.stringMatching(/Ops: hypercare, Errors are within their objective fails: 5 %/)],
      ["status", expect.stringMatching(/Mobile Lead: hypercare, please look/)],
    ]);
    const view = releaseView(drive.plan, drive.state, person("m", "Mobile Lead"), drive.now);
    expect(view.waitsFor).toMatchObject([
      { what: "Hypercare: The error log has nothing new", who: ["Mobile Lead"] },
    ]);
    expect(view.actions.map(({ label }) => label)).toContain("Not well: The error log has nothing new");
    expect(view.hypercare?.checks).toMatchObject([
      { id: "slo", byPerson: false, open: false, verdict: "fail" },
      { id: "logs", byPerson: true, open: true },
    ]);
  });

  it("without a value holds, and never passes (S14)", () => {
    const drive = cared();
    drive.world.values.set("errors", undefined);
    pass(drive, plus(drive.state.hypercare?.startedAt ?? EVE, hours(25)));
    expect(events(drive, "HypercareChecked")).toMatchObject([{ verdict: "hold" }]);
  });

  it("what nobody answers is missed, by the next round, and counted", () => {
    const drive = cared();
    pass(drive, plus(drive.state.hypercare?.startedAt ?? EVE, hours(49)));
    expect(events(drive, "HypercareMissed")).toEqual([
      { type: "HypercareMissed", round: 1, checks: ["logs"] },
    ]);
    expect(drive.state.hypercare?.missed).toBe(1);
  });

  it("rounds that the clock slept through are not answered by what is read after them", () => {
    const drive = cared();
    drive.now = plus(drive.state.hypercare?.startedAt ?? EVE, hours(73));
    drive.visit();
    expect(events(drive, "HypercareMissed").map(({ round, checks }) => [round, checks])).toEqual([
      [1, ["slo", "logs"]],
      [2, ["slo", "logs"]],
    ]);
    expect(events(drive, "HypercareChecked")).toMatchObject([{ round: 3, check: "slo", verdict: "pass" }]);
  });

  it("reads the day before a round when it is due, and nothing between", () => {
    const drive = cared();
    expect(hypercareRequests(drive.plan, drive.state, drive.now)).toEqual([]);
    const due = plus(drive.state.hypercare?.startedAt ?? EVE, days(2));
    expect(hypercareRequests(drive.plan, drive.state, due)).toMatchObject([
      { metric: { id: "errors" }, from: plus(drive.state.hypercare?.startedAt ?? EVE, days(1)), to: due },
    ]);
  });

  it.each<[string, (drive: Drive) => unknown, string]>([
    ["a check that there is not", (drive) => answer(drive, "x", "Ops"), "hypercare.unknown"],
    ["before the first round", (drive) => answer(drive, "logs", "Mobile Lead"), "hypercare.not-open"],
    [
      "what gonogo reads",
      (drive) => {
        pass(drive, plus(drive.now, hours(25)));
        return answer(drive, "slo", "Ops");
      },
      "hypercare.by-machine",
    ],
    [
      "by another role",
      (drive) => {
        pass(drive, plus(drive.now, hours(25)));
        return answer(drive, "logs", "Security");
      },
      "hypercare.not-your-role",
    ],
    [
      "twice in a round",
      (drive) => {
        pass(drive, plus(drive.now, hours(25)));
        answer(drive, "logs", "Mobile Lead");
        return answer(drive, "logs", "Mobile Lead", false);
      },
      "hypercare.answered",
    ],
    [
      "after its end",
      (drive) => {
        pass(drive, plus(drive.now, days(40)));
        return answer(drive, "logs", "Mobile Lead");
      },
      "hypercare.not-open",
    ],
  ])("an answer to %s is refused", (_, ask, code) => {
    expect(ask(cared())).toMatchObject({ ok: false, rejection: { code } });
  });
});
