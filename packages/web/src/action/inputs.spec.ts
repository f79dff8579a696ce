import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, test } from "vitest";
import { type Action, inputsOf, missing, requestOf } from "./inputs.ts";

const rollback: Action = {
  label: "Roll back",
  effect: "Puts back: api.",
  command: { type: "Rollback" },
  needsReason: true,
  tone: "stop",
};
const reading: Action = {
  label: "Reading",
  effect: "Records it.",
  command: { type: "GiveReading", metric: "stars", value: 0 },
  needsReason: false,
  tone: "answer",
};

describe("inputs", () => {
  test("a rollback wants its reason, and is not complete without it", () => {
    const inputs = inputsOf(rollback);
    expect(inputs.map(({ into }) => into)).toEqual(["reason"]);
    expect(missing(inputs, { reason: "  " })).toHaveLength(1);
    expect(missing(inputs, { reason: "5xx" })).toHaveLength(0);
    expect(requestOf(rollback, { reason: " 5xx " })).toEqual({
      command: { type: "Rollback" },
      reason: "5xx",
    });
  });

  test("what closes a release wants its evidence, and what else is owed does not", () => {
    const command = { type: "CompleteObligation", obligation: "ticket", note: "done" } as const;
    const owed: Action = { ...reading, command };
    expect(missing(inputsOf(owed), { note: "closed" })).toEqual([]);
    const act = inputsOf({ ...owed, needsEvidence: true });
    expect(missing(act, { note: "closed" }).map(({ into }) => into)).toEqual(["evidence"]);
    expect(missing(act, { evidence: "CHG-7" })).toEqual([]);
  });

  test("an empty optional field is left out, not sent empty", () => {
    const check: Action = {
      ...rollback,
      command: { type: "AnswerCheck", check: "signed", answer: "yes" },
      needsReason: false,
    };
    expect(requestOf(check, { note: "", evidence: "build 7" })).toEqual({
      command: { type: "AnswerCheck", check: "signed", answer: "yes", evidence: "build 7" },
    });
  });

  test("a reading must be a number; a decimal comma is one", () => {
    const inputs = inputsOf(reading);
    expect(missing(inputs, { value: "many" }).map(({ into }) => into)).toEqual(["value"]);
    expect(missing(inputs, { value: "4,7" })).toEqual([]);
    expect(requestOf(reading, { value: "4,7" }).command).toEqual({
      type: "GiveReading",
      metric: "stars",
      value: 4.7,
    });
  });

  test("a vote's reason travels beside the command", () => {
    const vote: Action = {
      ...rollback,
      command: { type: "Vote", role: "Ops", vote: "no-go" },
      needsReason: false,
    };
    expect(requestOf(vote, { reason: "errors" })).toEqual({
      command: { type: "Vote", role: "Ops", vote: "no-go" },
      reason: "errors",
    });
  });

  test("a delegation says to whom, and until when in UTC", () => {
    const until = "2026-01-01T00:00:00.000Z" as Instant;
    const lend: Action = { ...rollback, command: { type: "Delegate", role: "CTO", to: "?", until } };
    expect(missing(inputsOf(lend), { to: "psn_b", reason: "on leave" }).map(({ into }) => into)).toEqual([
      "until",
    ]);
    expect(requestOf(lend, { to: " psn_b ", until: "2026-03-01T18:00", reason: "on leave" })).toEqual({
      command: { type: "Delegate", role: "CTO", to: "psn_b", until: "2026-03-01T18:00Z" },
      reason: "on leave",
    });
  });

  test.each([
    [{ type: "ResolveIncident", how: "resolved" }, "how"],
    [{ type: "DeclareIncident", summary: "?" }, "summary"],
    [{ type: "AnswerHypercare", check: "logs", pass: true, result: "well" }, "result"],
  ] as const)("what is said for the record is asked for: %j", (command, field) => {
    const action: Action = { ...reading, command };
    expect(missing(inputsOf(action), {}).map(({ into }) => into)).toEqual([field]);
    expect(requestOf(action, { [field]: "as typed" }).command).toMatchObject({ [field]: "as typed" });
  });
});
