import { describe, expect, it } from "vitest";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { decide } from "./decide.ts";
import type { ReleaseEvent } from "./events.ts";
import { next } from "./next.ts";
import type { PersonCommand } from "./person-commands.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-09-01T00:00:00.000Z" as Instant;

type Given = (drive: Drive) => void;

const submitted: Given = () => {};
const ready: Given = (drive) => drive.openGates();
const freezing: Given = (drive) => {
  drive.openGates();
  drive.punctual = false;
  drive.runUntil(() => drive.state.steps.freeze?.status === "running", END);
};
const watching: Given = (drive) => {
  drive.openGates();
  drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
};
const held: Given = (drive) => {
  watching(drive);
  drive.world.values.set("errors", { value: 2, count: 10_000 });
  drive.runUntil(() => drive.state.steps.p1?.status === "held", END);
};
const paused: Given = (drive) => {
  watching(drive);
  drive.person({ type: "Pause" }, "a look at the logs");
};
const rollingBack: Given = (drive) => {
  watching(drive);
  drive.person({ type: "Rollback" }, "it is bad");
};
const rolledBack: Given = (drive) => {
  rollingBack(drive);
  drive.settle();
};

/** Given what has happened, when a person asks for this, then these events, or a refusal by this code. */
const TABLE: [string, Given, PersonCommand, ReleaseEvent["type"][] | string][] = [
  [
    "a check that there is not",
    submitted,
    { type: "AnswerCheck", check: "x", answer: "yes" },
    "check.unknown",
  ],
  ["a check", submitted, { type: "AnswerCheck", check: "signed", answer: "yes" }, ["CheckAnswered"]],
  [
    "a check with No in open gates",
    ready,
    { type: "AnswerCheck", check: "signed", answer: "no" },
    ["CheckAnswered", "GatesClosed"],
  ],
  [
    "a check after the start",
    watching,
    { type: "AnswerCheck", check: "signed", answer: "no" },
    "check.closed",
  ],
  ["a pause", watching, { type: "Pause" }, ["ReleasePaused"]],
  ["a second pause", paused, { type: "Pause" }, "pause.paused"],
  ["a pause after the end", rolledBack, { type: "Pause" }, "pause.ended"],
  ["going on", paused, { type: "Resume" }, ["ReleaseResumed"]],
  ["going on with what goes on", watching, { type: "Resume" }, "resume.not-paused"],
  ["going on with what is being put back", rollingBack, { type: "Resume" }, "release.stopped"],
  ["promoting what is watched", watching, { type: "Promote", step: "p1" }, ["PhasePassed"]],
  ["promoting what is held", held, { type: "Promote" }, ["PhasePassed", "DecisionTaken"]],
  ["promoting with nothing open", freezing, { type: "Promote" }, "promote.nothing"],
  ["promoting while it stands", paused, { type: "Promote", step: "p1" }, "promote.paused"],
  ["doing a step again that has not failed", watching, { type: "Retry", step: "p1" }, "retry.not-failed"],
  ["doing again with nothing failed", watching, { type: "Retry" }, "retry.nothing"],
  ["leaving out what is to come", watching, { type: "Skip", step: "p2" }, ["StepSkipped"]],
  ["leaving out what has shifted", watching, { type: "Skip", step: "p1" }, "skip.shifted"],
  ["leaving out what is done", watching, { type: "Skip", step: "freeze" }, "skip.finished"],
  ["leaving out what there is not", watching, { type: "Skip", step: "x" }, "step.unknown"],
  ["a step done", freezing, { type: "CompleteStep", step: "freeze", ok: true }, ["StepDone"]],
  [
    "a step failed",
    freezing,
    { type: "CompleteStep", step: "freeze", ok: false, output: "locked out" },
    ["StepFailed", "DecisionAsked", "MessageDue"],
  ],
  ["a step done twice", watching, { type: "CompleteStep", step: "freeze", ok: true }, "step.done"],
  ["a step that gonogo does", watching, { type: "CompleteStep", step: "p1", ok: true }, "step.not-manual"],
  [
    "an abort with nothing touched",
    ready,
    { type: "Abort" },
    ["MessageDropped", "ReleaseAborted", "MessageDue"],
  ],
  [
    "an abort of what was shifted",
    watching,
    { type: "Abort" },
    ["MessageDropped", "RollbackStarted", "MessageDue", "MessageDue"],
  ],
  [
    "a rollback",
    watching,
    { type: "Rollback" },
    ["MessageDropped", "RollbackStarted", "MessageDue", "MessageDue"],
  ],
  ["a second rollback", rollingBack, { type: "Rollback" }, "rollback.running"],
  ["an abort of a rollback", rollingBack, { type: "Abort" }, "abort.rolling-back"],
  ["a rollback after the end", rolledBack, { type: "Rollback" }, "rollback.too-late"],
  [
    "putting back by hand what gonogo puts back",
    rollingBack,
    { type: "CompletePutBack", item: "api", ok: true },
    "rollback.not-manual",
  ],
  [
    "putting back what is not on the list",
    rollingBack,
    { type: "CompletePutBack", item: "x", ok: true },
    "rollback.unknown-item",
  ],
  [
    "putting back by hand",
    rollingBack,
    { type: "CompletePutBack", item: "undo-freeze", ok: true },
    ["RollbackItemDone"],
  ],
  [
    "a reading of what gonogo reads",
    watching,
    { type: "GiveReading", metric: "errors", value: 0 },
    "metric.by-machine",
  ],
  [
    "a validation too early",
    watching,
    { type: "RecordValidation", validation: "x", pass: true, result: "y" },
    "validation.unknown",
  ],
  ["a review too early", watching, { type: "SaveReview", entries: {} }, "review.not-open"],
  [
    "a review of what was rolled back",
    rolledBack,
    { type: "SignReview", role: "Release Manager", entries: {} },
    ["ReviewSigned", "ObligationCompleted"],
  ],
  [
    "a review signed by another role",
    rolledBack,
    { type: "SignReview", role: "Ops", entries: {} },
    "review.role",
  ],
];

describe("what a person's command brings about", () => {
  for (const [name, given, command, then] of TABLE) {
    it(`${name}: ${typeof then === "string" ? `refused (${then})` : then.join(", ")}`, () => {
      const drive = new Drive(samplePlan(), EVE);
      given(drive);
      const before = structuredClone(drive.state);
      const log = drive.log.length;
      const decision = drive.person(command, "the test asks for it");
      if (typeof then === "string") {
        expect(decision).toMatchObject({ ok: false, rejection: { code: then } });
        expect(drive.state).toEqual(before);
        if (!decision.ok) expect(decision.rejection.message.length).toBeGreaterThan(10);
      } else {
        expect(drive.log.slice(log).map(({ event }) => event.type)).toEqual(then);
      }
    });
  }

  it("is the same every time, and leaves what it was given as it was", () => {
    const drive = new Drive(samplePlan(), EVE);
    watching(drive);
    const before = structuredClone(drive.state);
    const actor = { kind: "person" as const, id: "psn_1", roles: ["Ops"] };
    const command = { id: "c", at: drive.now, actor, reason: "why", body: { type: "Rollback" as const } };
    const first = decide(drive.plan, drive.state, command);
    expect(decide(drive.plan, drive.state, command)).toEqual(first);
    expect(drive.state).toEqual(before);
  });

  for (const type of ["Pause", "Resume", "Promote", "Retry", "Rollback", "Abort"] as const) {
    it(`${type} without a reason is refused, and from a stranger too`, () => {
      const drive = new Drive(samplePlan(), EVE);
      paused(drive);
      expect(drive.person({ type }, "  ")).toMatchObject({ rejection: { code: "command.no-reason" } });
      const stranger = { kind: "person" as const, id: "psn_x", roles: ["Cook"] };
      expect(drive.ask(stranger, { type }, "why not")).toMatchObject({
        rejection: { code: "command.no-role" },
      });
    });
  }

  it("stopping is for everybody with a role in it, going on for its manager and the owners", () => {
    for (const [type, code] of [
      ["Rollback", undefined],
      ["Abort", undefined],
      ["Resume", "command.not-your-role"],
    ] as const) {
      const drive = new Drive(samplePlan(), EVE);
      paused(drive);
      const decision = drive.ask({ kind: "person", id: "psn_s", roles: ["Security"] }, { type }, "because");
      expect(decision.ok ? undefined : decision.rejection.code).toBe(code);
    }
  });
});

describe("what a machine is told to do", () => {
  it("waits for an overdue person without waking up for it every second", () => {
    const drive = new Drive(samplePlan(), EVE);
    freezing(drive);
    const asker = { lane: "runbook" };
    expect(next(drive.plan, drive.state, asker, drive.now)).toMatchObject({ do: "wait", for: "person" });
    const late = fromMillis(toMillis(drive.now) + 45 * 60_000);
    const wait = next(drive.plan, drive.state, asker, late);
    expect(wait).toEqual({ do: "wait", for: "person", step: "freeze" });
  });

  it("never to wait for a moment that has passed, wherever the release stands", () => {
    for (const given of [submitted, ready, freezing, watching, held, paused, rollingBack, rolledBack]) {
      for (const minutes of [0, 20, 50, 600, 100_000]) {
        const drive = new Drive(samplePlan(), EVE);
        given(drive);
        const now = fromMillis(toMillis(drive.now) + minutes * 60_000);
        for (const asker of [
          "opening",
          { lane: "runbook" },
          { lane: "api" },
          { lane: "app" },
          "closing",
          "rollback",
        ] as const) {
          const told = next(drive.plan, drive.state, asker, now);
          if (told.do === "wait" && told.until !== undefined) expect(told.until > now).toBe(true);
        }
      }
    }
  });
});
