import type { Plan } from "@gonogo/core/plan/schema";
import { next } from "@gonogo/core/release/next";
import type { ReleaseState } from "@gonogo/core/release/state";
import { hasEnded } from "@gonogo/core/release/state";
import { nextVisit } from "@gonogo/core/release/tick";
import { finishOpen } from "../events/effects.ts";
import { byMachine } from "../execute.ts";
import { arm, attempt, startRollback, wakeMachines } from "../follow-up.ts";
import type { Runtime } from "../runtime.ts";
import { look } from "./look.ts";
import { start } from "./start.ts";

/**
 * The clock's visit: reads the level of things, lets core decide what follows, wakes whoever waited for it
 * and sets the next visit. Whatever was lost on the way, an event, a token, a start, is found here (S10).
 */
export async function visit(runtime: Runtime, { release }: { release: string }): Promise<void> {
  const loaded = await runtime.store.load(release);
  if (loaded === undefined || hasEnded(loaded.state.status)) {
    await runtime.timers.clear(release);
    return;
  }
  const seen = await look(runtime, loaded.plan, loaded.state);
  const outcome = await byMachine(runtime, release, "clock", { type: "Observe", seen });
  const { plan, state } = outcome.ok ? outcome : loaded;
  await attempt(runtime, "start the rollout", () => ensureRunning(runtime, state.status, release));
  await attempt(runtime, "start the rollback", () => startRollback(runtime, plan, state));
  await attempt(runtime, "start held back", () => startWhenFree(runtime, plan, state));
  await attempt(runtime, "finish what is open", () => finishOpen(runtime, { ...loaded, plan, state }));
  await attempt(runtime, "wake machines", () => wakeMachines(runtime, plan, state));
  await arm(runtime, state, nextVisit(plan, state, runtime.clock.now()));
}

/** What kept it from starting, a red alarm or another release on its target, may be over by now (S11). */
async function startWhenFree(runtime: Runtime, plan: Plan, state: ReleaseState): Promise<void> {
  const isDue = next(plan, { ...state, startHeld: [] }, "opening", runtime.clock.now()).do === "start";
  if (state.startHeld.length > 0 && isDue) await start(runtime, { release: state.id });
}

async function ensureRunning(runtime: Runtime, status: string, release: string): Promise<void> {
  if (status !== "rolling-back") await runtime.machines.startRollout(release);
}
