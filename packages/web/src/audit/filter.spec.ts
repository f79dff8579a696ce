import type { Instant } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { expect, test } from "vitest";
import { ALL, actorOf, factsOf, filtered, said, typeOf } from "./filter.ts";

const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
drive.openGates();
drive.runUntil(() => false, drive.at(9));
const { log } = drive;

test("without a wish everything is shown", () => {
  expect(filtered(log, {}, ALL)).toEqual(log);
});

test("text, type and actor each narrow it down, and together more", () => {
  const shifts = filtered(log, {}, { ...ALL, type: "Shift done" });
  expect(shifts.map(({ event }) => event.type)).toEqual(["ShiftDone"]);
  const machine = filtered(log, {}, { ...ALL, actor: "The rollout machine" });
  expect(machine.length).toBeGreaterThan(0);
  expect(machine.every(({ actor }) => actor.kind === "machine")).toBe(true);
  expect(filtered(log, {}, { type: "Shift done", actor: "The clock", text: "" })).toEqual([]);
  expect(filtered(log, {}, { ...ALL, text: "FREEZE" }).map(typeOf)).toContain("Step started");
});

test("people are found by their name", () => {
  const [first] = log;
  const id = first?.actor.kind === "person" ? first.actor.id : "";
  const names = { [id]: "Grace Hopper" };
  expect(actorOf(first!, names)).toBe("Grace Hopper");
  expect(filtered(log, names, { ...ALL, text: "grace" })).toContain(first);
});

test("a text that was erased is told as that", () => {
  expect(said(`erased:sha256:${"0".repeat(64)}`)).toBe("(erased)");
  const paused = {
    ...log[0]!,
    event: { type: "ReleasePaused", cause: `erased:sha256:${"0".repeat(64)}` } as const,
  };
  expect(factsOf(paused)).toBe("cause (erased)");
});

test("a record says in short what it is about", () => {
  const shift = log.find(({ event }) => event.type === "ShiftDone");
  expect(factsOf(shift!)).toBe("step p1 · component api · percent 10 · why phase");
});
