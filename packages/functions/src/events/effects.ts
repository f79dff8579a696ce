import { OutsideError } from "@gonogo/adapters/http/call";
import { adapterFor } from "@gonogo/adapters/targets";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { DeploymentEvent } from "@gonogo/core/deployment/events";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { channelIntegration } from "@gonogo/core/integration/schema";
import { assertNever } from "@gonogo/core/kit/assert-never";
import { minutes, ms } from "@gonogo/core/kit/duration";
import { plus } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import { findComponent } from "@gonogo/core/plan/graph";
import { decisionId } from "@gonogo/core/release/ask";
import { type Effect, effectsOf, isCleared, storesToSettle } from "@gonogo/core/release/effects";
import type { ReleaseEvent } from "@gonogo/core/release/events";
import type { Loaded } from "@gonogo/core/release/ports";
import { nextVisit } from "@gonogo/core/release/tick";
import { isPhase } from "@gonogo/core/step/schema";
import { byMachine } from "../execute.ts";
import { arm, startRollback, wakeMachines } from "../follow-up.ts";
import type { Using, Writing } from "../runtime.ts";
import { type Shifting, shift } from "../tasks/shift.ts";
import { archive } from "./archive.ts";
import { carryOutForDeployment } from "./calendar.ts";
import { copyArchive } from "./copy-archive.ts";
import { noteSeen } from "./seen.ts";

/** What the outside work of a release takes. */
export type Working = Shifting & Using<"channel">;
/** What only the effects have besides. */
export type Archiving = Working & Using<"objects" | "testAlarm" | "shelves">;

/** An event that has not led to its message after this long is taken for lost. */
const LOST_AFTER = minutes(2);

/**
 * Does the outside work that an event asks for. Events come at least once and in no order, so each piece
 * looks at the release as it is now and does nothing where there is nothing left to do.
 */
export async function carryOut(
  runtime: Archiving,
  record: Pick<AuditRecord<ReleaseEvent | DeploymentEvent>, "release" | "event">,
): Promise<void> {
  if (record.release === DEPLOYMENT) {
    await carryOutForDeployment(runtime, record.event as DeploymentEvent);
    return;
  }
  const effects = effectsOf(record.event as ReleaseEvent);
  const loaded = await runtime.store.load(record.release);
  if (loaded === undefined) return;
  for (const effect of effects) await carryOutOne(runtime, loaded, effect);
  await wakeMachines(runtime, loaded.plan, loaded.state);
}

async function carryOutOne(runtime: Archiving, loaded: Loaded, effect: Effect): Promise<void> {
  const { plan, state } = loaded;
  switch (effect.kind) {
    case "start-rollout":
      if (state.status !== "rolling-back") await runtime.machines.startRollout(state.id);
      return;
    case "start-rollback":
      return await startRollback(runtime, plan, state);
    case "send":
      return await send(runtime, loaded, effect.message);
    case "settle-stores":
      return await settleStores(runtime, loaded);
    case "reduce":
      return await reduce(runtime, loaded, effect.trigger);
    case "clear-away":
      if (!isCleared(state)) return;
      await runtime.standBy.remove(state.id);
      await arm(runtime, state, nextVisit(plan, state, runtime.clock.now()));
      return;
    case "archive":
      return await archive(runtime, loaded);
    case "copy-archive":
      return await copyArchive(runtime, loaded);
    default:
      return assertNever(effect);
  }
}

/**
 * Does what events have asked for and nobody has done: the event was lost, or whoever had it in hand died
 * (S5, S10). The clock's visit comes by for it; what was asked for a moment ago is left to the event.
 */
export async function finishOpen(runtime: Working, loaded: Loaded): Promise<void> {
  const { plan, state } = loaded;
  await sendLost(runtime, loaded);
  await settleStores(runtime, loaded);
  for (const { intended } of Object.values(state.components)) {
    if (intended?.why !== "reduce") continue;
    await shift(runtime, { release: state.id, step: intended.step, reduceTo: intended.percent });
  }
  for (const { id, respond } of plan.triggers) if (respond === "reduce") await reduce(runtime, loaded, id);
}

/** Messages that are due and that nobody has sent. */
export async function sendLost(runtime: Writing & Using<"channel">, loaded: Loaded): Promise<void> {
  const now = runtime.clock.now();
  for (const [id, message] of Object.entries(loaded.state.messages)) {
    if (message.status === "due" && plus(message.dueAt, LOST_AFTER) <= now) await send(runtime, loaded, id);
  }
}

/** So long a message is tried again, by Lambda's own retries, while its channel says that it may be. */
const TRIED_FOR = ms(150_000);

/**
 * Sends a message that is due. Its key lets a channel tell a second try from a second message. Throws when the
 * channel is away for now.
 */
async function send(runtime: Writing & Using<"channel">, { state }: Loaded, id: string): Promise<void> {
  const message = state.messages[id];
  if (message?.status !== "due") return;
  const { channel, audience, text } = message;
  const links = message.links === undefined ? {} : { links: message.links };
  const outgoing = { key: `${state.id}/${id}`, release: state.id, channel, audience, text, ...links };
  let sent = true;
  let detail: string;
  try {
    detail = (await runtime.channel.send(outgoing)).via;
    await noteSeen(runtime, channelIntegration(channel));
  } catch (error) {
    const isPassing = error instanceof OutsideError && error.retryable;
    if (isPassing && runtime.clock.now() < plus(message.dueAt, TRIED_FOR)) throw error;
    sent = false;
    detail = messageOf(error).slice(0, 300);
  }
  await byMachine(runtime, state.id, "rollout", { type: "RecordMessage", message: id, sent, detail });
}

/** Stops, or lets go on, the rollouts that go on by themselves. */
async function settleStores(runtime: Writing & Using<"targets">, { plan, state }: Loaded): Promise<void> {
  for (const { component, hold } of storesToSettle(plan, state, runtime.clock.now())) {
    const target = findComponent(plan, component)?.target;
    const versions = state.components[component];
    const adapter = target === undefined ? undefined : adapterFor(runtime.targets, target);
    if (target === undefined || versions === undefined || adapter === undefined) continue;
    const observed = await (hold ? adapter.hold(target, versions) : adapter.free(target, versions));
    const body = { type: "RecordHold", component, held: hold, observed } as const;
    const recorded = await byMachine(runtime, state.id, "rollout", body);
    if (hold || !recorded.ok || recorded.state.rollback === undefined) continue;
    // A rollback began while it was let go: it stops again, for nothing else may move it now (S2).
    const stopped = await adapter.hold(target, versions);
    await byMachine(runtime, state.id, "rollback", { ...body, held: true, observed: stopped });
  }
}

/** Takes traffic off the component that a trigger speaks of. */
async function reduce(runtime: Shifting, { plan, state }: Loaded, id: string): Promise<void> {
  const trigger = plan.triggers.find((one) => one.id === id);
  // Once somebody has decided to go on, an event that comes late takes nothing off any more.
  const isOpen = state.decisions[decisionId({ kind: "trigger", trigger: id })] !== undefined;
  if (trigger === undefined || !isOpen) return;
  const to = trigger.reduceTo ?? 0;
  const metric = plan.metrics.find((one) => one.id === trigger.metric);
  const only = trigger.component ?? metric?.component;
  for (const [component, known] of Object.entries(state.components)) {
    if (!known.touched || known.observed.share <= to || (only !== undefined && only !== component)) continue;
    const step = plan.steps.filter(isPhase).findLast((phase) => {
      const status = state.steps[phase.id]?.status;
      return (
        phase.component === component && status !== undefined && status !== "waiting" && status !== "skipped"
      );
    });
    if (step !== undefined) await shift(runtime, { release: state.id, step: step.id, reduceTo: to });
  }
}
