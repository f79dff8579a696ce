import { OutsideError } from "@gonogo/adapters/http/call";
import { adapterFor } from "@gonogo/adapters/targets";
import type { SeenReadiness } from "@gonogo/core/gate/readiness";
import { messageOf } from "@gonogo/core/kit/text";
import type { Component, Plan } from "@gonogo/core/plan/schema";
import type { ReleaseState } from "@gonogo/core/release/state";
import { alarmsOf } from "@gonogo/core/signal/decide";
import { targetKey } from "@gonogo/core/target/port";
import type { Using } from "../runtime.ts";

type Reading = Using<"store" | "targets" | "alarms">;

/**
 * Looks whether a release that waits for its start could still start: its targets are there, may be read and
 * are as pinned, and the alarms that its triggers are bound to exist. What could not be asked, for a passing fault, says nothing; the start asks again.
 */
export async function readReadiness(
  runtime: Reading,
  plan: Plan,
  state: ReleaseState,
): Promise<SeenReadiness> {
  const targets = await Promise.all(
    plan.components.map((component) => targetProblems(runtime, state, component)),
  );
  return { plan: state.plan, problems: [...targets.flat(), ...(await alarmProblems(runtime, plan, state))] };
}

async function targetProblems(
  runtime: Reading,
  state: ReleaseState,
  { id, target }: Component,
): Promise<string[]> {
  try {
    // While another release moves it, it is as that one has it; the start waits for it by its lock (S11).
    const { holder } = await runtime.store.lock(targetKey(target, id));
    if (holder !== undefined && holder !== state.id) return [];
    const pinned = await adapterFor(runtime.targets, target)?.pin(target);
    return pinned === undefined || pinned.ok ? [] : [`${id}: ${pinned.message}`];
  } catch (error) {
    runtime.log.warn("a target's readiness could not be asked", { component: id, error: messageOf(error) });
    const isFinal = error instanceof OutsideError && !error.retryable;
    return isFinal ? [`${id} cannot be read: ${messageOf(error).slice(0, 200)}`] : [];
  }
}

async function alarmProblems(runtime: Reading, plan: Plan, state: ReleaseState): Promise<string[]> {
  const names = alarmsOf(plan, state);
  if (names.length === 0) return [];
  try {
    const alarms = await runtime.alarms.read(names);
    return alarms
      .filter(({ state }) => state === "missing")
      .map(({ name }) => `the alarm ${name} cannot be found, and triggers are bound to it`);
  } catch (error) {
    runtime.log.warn("alarms could not be asked for", { error: messageOf(error) });
    return [];
  }
}
