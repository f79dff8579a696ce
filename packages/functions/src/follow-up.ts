import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Plan } from "@gonogo/core/plan/schema";
import { effectsOf, isCleared } from "@gonogo/core/release/effects";
import { isOver, next } from "@gonogo/core/release/next";
import type { Loaded } from "@gonogo/core/release/ports";
import type { ReleaseState } from "@gonogo/core/release/state";
import { nextVisit } from "@gonogo/core/release/tick";
import type { RevertCall } from "@gonogo/core/target/port";
import type { Base, Using, Writing } from "./runtime.ts";

/**
 * What is done at once by whoever wrote the events: machines are started and woken and the clock's next
 * visit is set, so that nobody waits for the stream. The stream does all of it again; a failure here is
 * only a delay, and never the command's.
 */
export async function followUp(
  runtime: Writing,
  plan: Plan,
  before: Pick<Loaded, "plan" | "state"> | undefined,
  after: ReleaseState,
  records: readonly Pick<AuditRecord, "event">[],
): Promise<void> {
  const now = runtime.clock.now();
  // The rollback first: nothing else is as urgent, and nothing else may fail before it.
  await attempt(runtime, "start machines", () => startMachines(runtime, plan, after, records));
  await attempt(runtime, "wake machines", () => wakeMachines(runtime, plan, after));
  if (isCleared(after) && (before === undefined || !isCleared(before.state))) {
    await attempt(runtime, "take the stand-by down", () => runtime.standBy.remove(after.id));
  }
  const due = nextVisit(plan, after, now);
  if (before === undefined || nextVisit(before.plan, before.state, now) !== due) {
    await attempt(runtime, "set the next visit", () => arm(runtime, after, due));
  }
}

async function startMachines(
  runtime: Using<"machines">,
  plan: Plan,
  state: ReleaseState,
  records: readonly Pick<AuditRecord, "event">[],
): Promise<void> {
  const effects = records.flatMap(({ event }) => effectsOf(event));
  if (effects.some(({ kind }) => kind === "start-rollback")) await startRollback(runtime, plan, state);
  if (effects.some(({ kind }) => kind === "start-rollout")) await runtime.machines.startRollout(state.id);
}

/** Starts the machine of the rollback that is under way, if one is. */
export async function startRollback(
  runtime: Using<"machines">,
  _plan: Plan,
  state: ReleaseState,
): Promise<void> {
  const { rollback } = state;
  if (state.status !== "rolling-back" || rollback === undefined) return;
  const calls: RevertCall[] = rollback.items.flatMap((item) => (item.kind === "target" ? [item.call] : []));
  await runtime.machines.startRollback({
    release: state.id,
    n: rollback.n,
    cause: rollback.cause.slice(0, 500),
    at: rollback.startedAt,
    calls,
    alone: false,
  });
}

/** Wakes every machine that waits for something that has come about, and forgets waits that are over. */
export async function wakeMachines(
  runtime: Using<"store" | "machines">,
  plan: Plan,
  state: ReleaseState,
): Promise<void> {
  const now = runtime.clock.now();
  for (const wait of await runtime.store.parked(state.id)) {
    if (!isOver(wait, next(plan, state, wait.asker, now))) continue;
    await runtime.machines.wake(wait.token);
    await runtime.store.unpark(state.id, wait.id);
  }
}

export async function arm(
  runtime: Using<"timers">,
  state: ReleaseState,
  due: Instant | undefined,
): Promise<void> {
  if (due === undefined) await runtime.timers.clear(state.id);
  else await runtime.timers.set(state.id, due);
}

/** Logs what fails and goes on: the stream, the next visit and the sweep each do it again. */
export async function attempt(runtime: Base, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    runtime.log.warn(`could not ${what} at once`, {
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
