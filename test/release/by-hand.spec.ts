import { readFileSync } from "node:fs";
import type { Actor } from "@gonogo/core/actor/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import { readPlan } from "@gonogo/core/plan/read";
import { execute } from "@gonogo/functions/execute";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { expect, it } from "vitest";

const file = new URL("../../examples/ledger/plan.yaml", import.meta.url);
const at = (time: string) => `2026-06-09T${time}:00.000Z` as Instant;

it("a check of what a person reads parks its lane, and the reading wakes it", async () => {
  const { plan, problems } = readPlan(readFileSync(file, "utf8"));
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  const simulation = await Simulation.begin(plan);
  const step = async (id: string) => (await simulation.load()).state.steps[id];
  await simulation.runUntil(({ state }) => state.steps.all?.shiftedAt !== undefined, at("03:00"));
  simulation.punctual = false;
  await simulation.runTo(at("02:31"));
  expect(await step("smoke-tests")).toMatchObject({ status: "running", startedAt: at("02:26") });
  const { control } = simulation;
  const tester: Actor = { kind: "person", id: "psn_00000000000000000001", roles: ["DevOps Engineer"] };
  const body = { type: "GiveReading", metric: "smoke", value: 19 } as const;
  const given = await control.during(() =>
    execute(control.runtime, { release: plan.id, id: "reading", actor: tester, body }),
  );
  expect(given.ok).toBe(true);
  expect(await step("smoke-tests")).toMatchObject({ status: "done", endedAt: at("02:31") });
  // What comes after it in the lane begins at its own time.
  await simulation.runTo(at("02:46"));
  expect(await step("unlock")).toMatchObject({ status: "running", startedAt: at("02:45") });
  simulation.stop();
});
