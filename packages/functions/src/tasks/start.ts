import { adapterFor, BY_HAND } from "@gonogo/adapters/targets";
import { baselineRequests } from "@gonogo/core/baseline/wanted";
import { messageOf } from "@gonogo/core/kit/text";
import { findComponent } from "@gonogo/core/plan/graph";
import type { Component, Plan } from "@gonogo/core/plan/schema";
import { quotaProblems, unreadQuotas } from "@gonogo/core/quota/problems";
import { isCleared } from "@gonogo/core/release/effects";
import type { StartedComponent } from "@gonogo/core/release/events";
import type { ReleaseState } from "@gonogo/core/release/state";
import { reachable } from "@gonogo/core/rollback/reachable";
import { namedSignals, withTagged } from "@gonogo/core/signal/tagged";
import { targetKey } from "@gonogo/core/target/port";
import { blockedBy } from "../blocking.ts";
import { byMachine, CALENDAR_CHANGED } from "../execute.ts";
import type { Using } from "../runtime.ts";
import { type Asking, askChecks } from "./checks.ts";
import { findTagged, read, readAlarms, readCalendar } from "./look.ts";
import { readQuotas } from "./quotas.ts";

/** Of the 8,192 characters that EventBridge takes for an input template, these are left for the calls. */
const LONGEST_STAND_BY = 7_900;

/**
 * Takes the targets: reads each, locks it, and records how to put it back. The stand-by that puts them back
 * without the store is up before this ends, and so before anything is shifted (S15).
 */
export async function start(
  runtime: Asking & Using<"targets" | "alarms" | "metrics">,
  { release }: { release: string },
): Promise<void> {
  const loaded = await runtime.store.load(release);
  if (loaded === undefined) return;
  const { plan, state } = loaded;
  if (state.status !== "ready") {
    await standBy(runtime, plan, state);
    return;
  }
  // Asked anew, however fresh: what was well at the approval need not be so now.
  await askChecks(runtime, loaded, "all");
  const problems: string[] = await blockedBy(runtime, plan);
  const components: StartedComponent[] = [];
  for (const component of plan.components) {
    const taken = await take(runtime, release, component);
    if (typeof taken === "string") problems.push(taken);
    else components.push(taken);
  }
  const quotas = (await readQuotas(runtime, plan)) ?? [];
  problems.push(...quotaProblems(plan, state, quotas), ...unreadQuotas(plan, state, quotas));
  const calls = components.flatMap(({ revert }) => revert ?? []);
  if (JSON.stringify(calls).length > LONGEST_STAND_BY) {
    problems.push("its components are too many for one stand-by rule; make two releases of it");
  }
  const tagged = await findTagged(runtime, plan);
  const alarms = await readAlarms(runtime, plan, withTagged(plan, state, tagged));
  const wanted = baselineRequests(plan, runtime.clock.now());
  const baseline = await Promise.all(wanted.map((request) => read(runtime, request)));
  const { calendar, deploymentAt } = await readCalendar(runtime, plan, state);
  const outcome = await byMachine(
    runtime,
    release,
    "rollout",
    {
      type: "Start",
      plan: state.plan,
      components,
      alarms,
      problems,
      ...(tagged.length === 0 ? {} : { tagged }),
      ...(baseline.length === 0 ? {} : { baseline }),
      calendar,
    },
    deploymentAt,
  );
  // Declared in this very moment: the machine asks again, and reads it (S8).
  if (!outcome.ok && outcome.rejection.code === CALENDAR_CHANGED) await start(runtime, { release });
  if (outcome.ok) await standBy(runtime, plan, outcome.state);
}

/** What is known of a component now, or why the release cannot start with it. */
async function take(
  runtime: Using<"store" | "targets">,
  release: string,
  component: Component,
): Promise<StartedComponent | string> {
  const { id, target } = component;
  const lock = targetKey(target, id);
  const { fence, holder } = await runtime.store.lock(lock);
  if (holder !== undefined && holder !== release) return `${id} is held by ${holder}, which has not ended`;
  const base = { component: id, lock, fence: fence + 1 };
  try {
    const adapter = adapterFor(runtime.targets, target);
    if (adapter === undefined) return { ...base, previous: "before", next: "after", observed: BY_HAND };
    const pinned = await adapter.pin(target);
    if (!pinned.ok) return `${id}: ${pinned.message}`;
    const { versions } = pinned;
    const observed = await adapter.read(target, versions);
    const command = adapter.revertCommand(target, versions);
    return { ...base, ...versions, observed, revert: { component: id, target, ...versions, command } };
  } catch (error) {
    return `${id} cannot be read: ${messageOf(error)}`;
  }
}

/** Up for as long as the release runs; put up anew when a step has taken the way back of something. */
export async function standBy(
  runtime: Using<"store" | "standBy">,
  plan: Plan,
  state: ReleaseState,
): Promise<void> {
  if (state.status !== "running") return;
  const signals = plan.triggers
    .filter(({ respond }) => respond === "rollback")
    .flatMap((trigger) => namedSignals(state, trigger));
  const { components } = reachable(plan, state);
  const stays = components.filter(({ to }) => to === "kept").map(({ component }) => component);
  const calls = Object.entries(state.components).flatMap(([id, { revert }]) =>
    revert === undefined || stays.includes(id) || findComponent(plan, id) === undefined ? [] : [revert],
  );
  await runtime.standBy.put(state.id, signals, calls);
  // It may have ended meanwhile; then whoever ended it took down what was not yet up.
  const now = await runtime.store.load(state.id);
  if (now !== undefined && isCleared(now.state)) await runtime.standBy.remove(state.id);
}
