import { expect, test } from "vitest";
import { matters, shortLabel, steering } from "./groups.ts";
import type { Action } from "./inputs.ts";

const make = (label: string, tone: Action["tone"], command: Action["command"]): Action => ({
  label,
  effect: "",
  tone,
  command,
  needsReason: false,
});

const actions = [
  make("Yes: Signed", "answer", { type: "AnswerCheck", check: "s", answer: "yes" }),
  make("No: Signed", "answer", { type: "AnswerCheck", check: "s", answer: "no" }),
  make("Approve as CTO", "advance", { type: "Approve", role: "CTO", plan: "d" }),
  make("Decline as CTO", "stop", { type: "Decline", role: "CTO", plan: "d" }),
  make("Roll back", "stop", { type: "Rollback" }),
  make("Pause", "stop", { type: "Pause" }),
  make("Sign the review", "advance", { type: "SignReview", role: "RM", entries: {} }),
];

test("what is about one thing stays together, under the tone of its first", () => {
  expect(matters(actions, "answer").map(({ title, actions: a }) => [title, a.map(shortLabel)])).toEqual([
    ["Signed", ["Yes", "No"]],
  ]);
  expect(matters(actions, "advance").map(({ title, actions: a }) => [title, a.map(shortLabel)])).toEqual([
    ["As CTO", ["Approve", "Decline"]],
  ]);
  expect(matters(actions, "stop")).toEqual([]);
});

test("steering is kept apart, in a fixed order", () => {
  expect(steering(actions).map(({ label }) => label)).toEqual(["Pause", "Roll back"]);
});

test("no action is lost or shown twice", () => {
  const shown = (["answer", "advance", "stop"] as const).flatMap((tone) =>
    matters(actions, tone).flatMap((matter) => matter.actions),
  );
  const all = [...shown, ...steering(actions)].map(({ label }) => label);
  expect(all.sort()).toEqual(
    actions
      .map(({ label }) => label)
      .filter((l) => l !== "Sign the review")
      .sort(),
  );
});
