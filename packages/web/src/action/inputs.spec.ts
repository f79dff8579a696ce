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
});
