import { CLOCK } from "@gonogo/core/actor/schema";
import { dueProbes } from "@gonogo/core/check/due";
import { isErasing } from "@gonogo/core/erasure/state";
import type { Plan } from "@gonogo/core/plan/schema";
import { next } from "@gonogo/core/release/next";
import type { Loaded } from "@gonogo/core/release/ports";
import type { ReleaseState } from "@gonogo/core/release/state";
import { hasEnded } from "@gonogo/core/release/state";
import { nextVisit } from "@gonogo/core/release/tick";
import { takenOneWay } from "@gonogo/core/rollback/reachable";
import { tagSetsOf } from "@gonogo/core/signal/tagged";
import { finishOpen, sendLost } from "../events/effects.ts";
import { eraseOfRelease } from "../events/erase-of-release.ts";
import { execute, MOVED_ON } from "../execute.ts";
import { arm, attempt, startRollback, wakeMachines } from "../follow-up.ts";
import type { Using, Writing } from "../runtime.ts";
import { askChecks } from "./checks.ts";
import { look } from "./look.ts";
import { putBack } from "./rollback.ts";
import { standBy, start } from "./start.ts";

/** What it takes to look after a release. */
export type Looking = Writing & Using<"targets" | "metrics" | "alarms" | "channel" | "checks" | "anchors">;

/**
 * The clock's visit: reads the level of things, lets core decide what follows, wakes whoever waited for it
 * and sets the next visit. Whatever was lost on the way, an event, a token, a start, is found here (S10).
 */
export async function visit(runtime: Looking, { release }: { release: string }): Promise<void> {
  const loaded = await runtime.store.load(release);
  if (loaded === undefined) return await runtime.timers.clear(release);
  if (isErasing(loaded.state)) {
    await attempt(runtime, "erase texts", () => eraseOfRelease(runtime, release));
    return await lookAfter(runtime, (await runtime.store.load(release)) ?? loaded);
  }
  await lookAfter(runtime, loaded);
}

async function lookAfter(runtime: Looking, loaded: Loaded): Promise<void> {
  const release = loaded.state.id;
  if (hasEnded(loaded.state.status)) return await visitAfterwards(runtime, loaded);
  const { plan, state } = await observe(runtime, await withChecks(runtime, loaded));
  await attempt(runtime, "start the rollout", () => ensureRunning(runtime, state.status, release));
  await attempt(runtime, "start the rollback", () => startRollback(runtime, plan, state));
  await attempt(runtime, "put back again", () => putBackAgain(runtime, state));
  await attempt(runtime, "put the stand-by up anew", () => renewStandBy(runtime, plan, state));
  await attempt(runtime, "start held back", () => startWhenFree(runtime, plan, state));
  await attempt(runtime, "finish what is open", () => finishOpen(runtime, { ...loaded, plan, state }));
  await attempt(runtime, "wake machines", () => wakeMachines(runtime, plan, state));
  await arm(runtime, state, nextVisit(plan, state, runtime.clock.now()));
}

/** An ended release moves nothing; what people owe still comes due, and what they are told is still sent. */
async function visitAfterwards(runtime: Looking, loaded: Loaded): Promise<void> {
  const isDone = nextVisit(loaded.plan, loaded.state, runtime.clock.now()) === undefined;
  const { plan, state } = isDone ? loaded : await observe(runtime, loaded);
  if (!isDone) await attempt(runtime, "send", () => sendLost(runtime, { ...loaded, plan, state }));
  const after = isDone ? state : ((await runtime.store.load(state.id))?.state ?? state);
  await arm(runtime, after, nextVisit(plan, after, runtime.clock.now()));
}

/** The release once its probes that are due have been asked. */
async function withChecks(runtime: Looking, loaded: Loaded): Promise<Loaded> {
  const { plan, state } = loaded;
  if (dueProbes(plan, state, runtime.clock.now()).length === 0) return loaded;
  await attempt(runtime, "ask the probes of the checklist", () => askChecks(runtime, loaded, "due"));
  return (await runtime.store.load(state.id)) ?? loaded;
}

/** Looks that are made anew because the release moved on meanwhile. */
const MOST_LOOKS = 4;

/**
 * Looks, and records what was seen on the state that it was seen in. A target that was read before a shift
 * and judged after it would look as though another hand had changed it; so where the release has moved on
 * in between, it is looked at again.
 */
async function observe(runtime: Looking, first: Loaded): Promise<Pick<Loaded, "plan" | "state">> {
  let loaded = first;
  for (let attempt = 1; ; attempt++) {
    const { seq, plan, state } = loaded;
    const seen = await look(runtime, plan, state);
    const isLast = attempt === MOST_LOOKS;
    const outcome = await execute(runtime, {
      release: state.id,
      id: runtime.newId(),
      actor: CLOCK,
      body: { type: "Observe", seen: isLast ? { ...seen, targets: [] } : seen },
      ...(isLast ? {} : { standsAt: (now: number) => now === seq }),
    });
    if (outcome.ok) return outcome;
    loaded = (await runtime.store.load(state.id)) ?? loaded;
    if (outcome.rejection.code !== MOVED_ON || hasEnded(loaded.state.status)) return loaded;
  }
}

/** What another hand has changed after it was put back. */
async function putBackAgain(runtime: Looking, state: ReleaseState): Promise<void> {
  const { rollback } = state;
  if (state.status !== "rolling-back" || rollback === undefined) return;
  for (const item of rollback.items) {
    if (item.kind !== "target" || item.status !== "failed") continue;
    await putBack(runtime, { release: state.id, n: rollback.n, item: item.id, call: item.call });
  }
}

/** Without the store too only what can still go back is put back, and by alarms that have joined as well (S15). */
async function renewStandBy(runtime: Looking, plan: Plan, state: ReleaseState): Promise<void> {
  const mayHaveChanged = takenOneWay(plan, state).length > 0 || tagSetsOf(plan).length > 0;
  if (mayHaveChanged) await standBy(runtime, plan, state);
}

/** What kept it from starting, a red alarm or another release on its target, may be over by now (S11). */
async function startWhenFree(runtime: Looking, plan: Plan, state: ReleaseState): Promise<void> {
  const isDue = next(plan, { ...state, startHeld: [] }, "opening", runtime.clock.now()).do === "start";
  if (state.startHeld.length > 0 && isDue) await start(runtime, { release: state.id });
}

async function ensureRunning(runtime: Using<"machines">, status: string, release: string): Promise<void> {
  if (status !== "rolling-back") await runtime.machines.startRollout(release);
}
