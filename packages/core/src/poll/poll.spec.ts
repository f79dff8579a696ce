import { describe, expect, it } from "vitest";
import { personId } from "../actor/schema.ts";
import { digestOf } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { ReleaseEvent } from "../release/events.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import type { VoteWord } from "./schema.ts";
import { isGo } from "./standing.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const ROLES = ["CTO", "Security", "Ops"];

/** A release whose vote has just been called. */
function called(abstain?: boolean): Drive {
  const poll = { at: "T-15 min", closes: "T", roles: ROLES, ...(abstain === undefined ? {} : { abstain }) };
  const drive = new Drive(samplePlan({ poll }), EVE);
  drive.openGates();
  drive.punctual = false;
  drive.runUntil(() => drive.state.poll !== undefined, drive.at(0));
  return drive;
}

function vote(drive: Drive, role: string, vote: VoteWord, who = `voter-${role}`, why = "test"): string {
  const decision = drive.ask(person(who, role), { type: "Vote", role, vote }, why);
  return decision.ok ? "taken" : decision.rejection.code;
}

function closed(drive: Drive) {
  return drive.log.flatMap(({ event }): Extract<ReleaseEvent, { type: "PollClosed" }>[] =>
    event.type === "PollClosed" ? [event] : [],
  );
}

describe("the go/no-go vote", () => {
  it("opens at its offset, and closes with GO as soon as every role has said GO", () => {
    const drive = called();
    expect(drive.now).toBe(drive.at(-15));
    expect(ROLES.map((role) => vote(drive, role, "go"))).toEqual(["taken", "taken", "taken"]);
    expect(closed(drive)).toEqual([{ type: "PollClosed", result: "go", noGo: [], silent: [], n: 1 }]);
  });

  it("one NO-GO closes it at once, names the role, asks, and silence after that puts back", () => {
    const drive = called();
    vote(drive, "CTO", "go");
    vote(drive, "Ops", "no-go");
    expect(closed(drive)).toMatchObject([{ result: "no-go", noGo: ["Ops"] }]);
    expect(drive.state.decisions.poll?.question).toContain("Ops said NO-GO");
    expect(vote(drive, "Security", "go")).toBe("poll.closed");
    drive.person({ type: "CompleteStep", step: "freeze", ok: true });
    drive.runUntil(({ rollback }) => rollback !== undefined, drive.at(300));
    expect(drive.log.some(({ event }) => event.type === "ShiftIntended")).toBe(false);
    expect(drive.state.rollback?.cause).toContain("NO-GO");
  });

  it("silence is NO-GO, and the silent are named", () => {
    const drive = called();
    vote(drive, "CTO", "go");
    drive.now = drive.at(0);
    drive.visit();
    expect(closed(drive)).toEqual([
      { type: "PollClosed", result: "no-go", noGo: [], silent: ["Security", "Ops"], n: 1 },
    ]);
    expect(vote(drive, "Ops", "go")).toBe("poll.closed");
  });

  it("may be called again; the votes of the first do not count", () => {
    const drive = called();
    for (const role of ["CTO", "Security"]) vote(drive, role, "go");
    vote(drive, "Ops", "no-go");
    expect(drive.person({ type: "Retry" })).toMatchObject({ ok: true });
    expect(drive.state.poll).toMatchObject({ votes: {} });
    expect(drive.state.decisions.poll).toBeUndefined();
    for (const role of ROLES) vote(drive, role, "go");
    expect(drive.state.poll?.result).toBe("go");
  });

  it("keeps every poll with its number, who voted what, when and why", () => {
    const drive = called();
    vote(drive, "CTO", "go");
    vote(drive, "Ops", "no-go", "otto", "the queue is long");
    drive.person({ type: "Retry" });
    vote(drive, "Security", "no-go", "sam", "a finding");
    drive.person({ type: "Retry" });
    const { poll } = releaseView(drive.plan, drive.state, person("x"), drive.now);
    expect(poll).toMatchObject({
      n: 3,
      open: true,
      earlier: [{ n: 1 }, { n: 2, why: "Security said NO-GO (a finding)" }],
    });
    expect(poll?.earlier[0]).toMatchObject({
      result: "no-go",
      why: "Ops said NO-GO (the queue is long)",
      votes: [
        { role: "CTO", vote: "go" },
        { role: "Security" },
        { role: "Ops", vote: "no-go", at: drive.at(-15) },
      ],
    });
  });

  it.each(["no-go", "abstain"] as const)("%s has to say why", (word) => {
    const drive = called(true);
    expect(vote(drive, "Ops", word, "otto", " ")).toBe("command.no-reason");
    expect(vote(drive, "Ops", word, "otto", "the queue is long")).toBe("taken");
  });

  it("takes abstentions where the plan allows them, and GO from at least one", () => {
    const drive = called(true);
    for (const role of ["CTO", "Security"]) vote(drive, role, "abstain");
    vote(drive, "Ops", "go");
    expect(closed(drive)).toMatchObject([{ result: "go", abstained: ["CTO", "Security"] }]);
    const silent = called(true);
    for (const role of ROLES) vote(silent, role, "abstain");
    expect(closed(silent)).toMatchObject([{ result: "no-go", abstained: ROLES }]);
    expect(silent.state.decisions.poll?.question).toContain("nobody said GO");
    expect(vote(called(), "Ops", "abstain")).toBe("poll.no-abstention");
  });

  it("is of one plan: a GO on another says nothing of this one", () => {
    const drive = called();
    for (const role of ROLES) vote(drive, role, "go");
    expect(isGo(drive.state)).toBe(true);
    expect(isGo({ ...drive.state, plan: digestOf("another plan") })).toBe(false);
  });

  it("may be voted on by a delegate, once for both", () => {
    const drive = called();
    const deputy = personId("test", "deputy");
    drive.ask(person("cto", "CTO"), { type: "Delegate", role: "CTO", to: deputy, until: drive.at(0) }, "ill");
    const asked = drive.ask(person("deputy"), { type: "Vote", role: "CTO", vote: "go" });
    expect(asked.ok).toBe(true);
    expect(vote(drive, "Ops", "go", "deputy")).toBe("poll.counted-twice");
    expect(vote(drive, "Ops", "go", "cto")).toBe("poll.counted-twice");
  });

  const refused: [string, (drive: Drive) => string, string][] = [
    ["a role that is not asked", (drive) => vote(drive, "Mobile Lead", "go"), "poll.unknown-role"],
    [
      "somebody who does not hold the role",
      (drive) => {
        const decision = drive.ask(person("x", "Ops"), { type: "Vote", role: "CTO", vote: "go" });
        return decision.ok ? "taken" : decision.rejection.code;
      },
      "poll.not-your-role",
    ],
    [
      "a second vote of one person, under another role",
      (drive) => {
        drive.ask(person("x", "CTO", "Ops"), { type: "Vote", role: "CTO", vote: "go" });
        const decision = drive.ask(person("x", "CTO", "Ops"), { type: "Vote", role: "Ops", vote: "go" });
        return decision.ok ? "taken" : decision.rejection.code;
      },
      "poll.counted-twice",
    ],
    [
      "a second person for a role that has voted",
      (drive) => {
        vote(drive, "CTO", "go", "one");
        return vote(drive, "CTO", "no-go", "two");
      },
      "poll.already-voted",
    ],
    [
      "a tool",
      (drive) => {
        const tool = { kind: "tool" as const, id: "ci", roles: ["CTO"] };
        const decision = drive.ask(tool, { type: "Vote", role: "CTO", vote: "go" });
        return decision.ok ? "taken" : decision.rejection.code;
      },
      "poll.not-a-person",
    ],
  ];
  for (const [who, attempt, code] of refused) {
    it(`refuses ${who}`, () => expect(attempt(called())).toBe(code));
  }

  it("before it is called there is nothing to vote on", () => {
    const drive = new Drive(samplePlan({ poll: { at: "T-15 min", closes: "T", roles: ROLES } }), EVE);
    expect(vote(drive, "CTO", "go")).toBe("poll.not-open");
  });
});
