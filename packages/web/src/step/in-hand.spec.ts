import type { Instant } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { releaseView } from "@gonogo/core/view/release";
import { expect, test } from "vitest";
import { stepsInHand } from "./in-hand.tsx";

function drive(): Drive {
  const made = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
  made.openGates();
  return made;
}
const inHand = ({ plan, state, now }: Drive) =>
  stepsInHand(releaseView(plan, state, person("ada", "Ops"), now)).map(({ id, status }) => `${id} ${status}`);

test("before anything has begun it is the first step, to come", () => {
  expect(inHand(drive())).toEqual(["freeze waiting"]);
});

test("what a person is at comes before what is next", () => {
  const made = drive();
  made.punctual = false;
  made.runUntil(() => false, made.at(-29));
  expect(inHand(made)).toEqual(["freeze running"]);
});

test("in a watch it is the next step; after a rollback there is none", () => {
  const made = drive();
  made.runUntil(() => false, made.at(9));
  expect(inHand(made)).toEqual(["look waiting"]);
  made.person({ type: "Rollback" });
  expect(inHand(made)).toEqual([]);
});
