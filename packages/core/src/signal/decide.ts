import { alarmRule } from "../decision/schema.ts";
import { isTestName } from "../integration/schema.ts";
import { spoken } from "../kit/duration.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import type { Plan } from "../plan/schema.ts";
import { ask, pause, settle } from "../release/ask.ts";
import type { SeenAlarm } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { IgnoredBecause } from "../release/events.ts";
import { spokenStatus } from "../release/spoken.ts";
import { type AlarmState, hasEnded, isArmed } from "../release/state.ts";
import { describeTrigger, fire, hasShifted, joinCause, mayClear, widensRollback } from "../trigger/decide.ts";
import type { Trigger } from "../trigger/schema.ts";
import { isProvisional } from "./evolve.ts";
import { calmAt, flapOf, isQuarantined, mostChanges } from "./flap.ts";
import { bindingKey, type Signal, signalKey } from "./schema.ts";
import { namedSignals, type TaggedOfRelease } from "./tagged.ts";

/** A signal that came again this often is no longer written down each time. */
const MOST_REPEATS = 10;

/**
 * The alarms of CloudWatch whose level is read: those that triggers bind and those that metrics stand on. What
 * tags stand for is in the state; without one, those that the plan names.
 */
export function alarmsOf(plan: Plan, state?: TaggedOfRelease): string[] {
  const bound = plan.triggers.flatMap((trigger) =>
    namedSignals(state, trigger).filter(({ from }) => from === "cloudwatch"),
  );
  const measured = plan.metrics.flatMap(({ source }) =>
    source.kind === "cloudwatch-alarm" ? [source.alarm] : [],
  );
  return [...new Set([...bound.map(({ name }) => name), ...measured])];
}

/** All signals that a plan listens to, as the store knows them. */
export function bindingsOf(plan: Plan, state: TaggedOfRelease): string[] {
  const bound = plan.triggers.flatMap((trigger) => namedSignals(state, trigger).map(bindingKey));
  const measured = alarmsOf(plan, state).map((name) => bindingKey({ from: "cloudwatch", name }));
  return [...new Set([...bound, ...measured])];
}

export function triggersOf(
  plan: Plan,
  state: TaggedOfRelease,
  signal: Pick<Signal, "source" | "name">,
): Trigger[] {
  return plan.triggers.filter((trigger) =>
    namedSignals(state, trigger).some((bound) => bindingKey(bound) === bindingKey(signal)),
  );
}

/** Takes a signal in: it takes effect once, or is written down with the reason why it takes none (S4). */
export function receiveSignal(draft: Draft, signal: Signal): Decision {
  // A test of an integration is no alarm: it is kept from releases before it comes here, and here again.
  if (isTestName(signal.name)) return draft.decided();
  const known = draft.state.signals[signalKey(signal)];
  if (known !== undefined && !isProvisional(known.effect)) {
    if (known.again < MOST_REPEATS)
      ignore(draft, signal, "duplicate", "this change of state was taken in before");
    return draft.decided();
  }
  const triggers = triggersOf(draft.plan, draft.state, signal);
  const refusal = whyIgnored(draft, signal, triggers);
  if (refusal !== undefined) {
    const isFlood = known?.effect === refusal.why && known.again >= MOST_REPEATS;
    if (!isFlood) ignore(draft, signal, refusal.why, refusal.detail);
    join(draft, signal, triggers, refusal.why);
    settleFlapping(draft, signal);
    clearByAlarm(draft, signal, triggers);
    return draft.decided();
  }
  const quiet = quietOf(draft, signal);
  const armed = triggers.filter((trigger) => hasShifted(draft, trigger) && !quiet.includes(trigger.id));
  draft.emit({ type: "SignalReceived", signal, triggers: armed.map(({ id }) => id) });
  for (const trigger of armed) {
    if (!isArmed(draft.state.status) && !widensRollback(draft, trigger)) continue;
    fire(draft, trigger, `${signal.name} (${describeTrigger(trigger)})`, {
      alarm: bindingKey(signal),
      at: signal.at,
    });
  }
  settleFlapping(draft, signal);
  clearByAlarm(draft, signal, triggers);
  return draft.decided();
}

/** An alarm that comes while the same is decided or put back already is one more cause of that. */
function join(draft: Draft, signal: Signal, triggers: readonly Trigger[], why: IgnoredBecause): void {
  if (signal.state !== "alarm" || (why !== "rolling-back" && why !== "already-fired")) return;
  const trigger = triggers.find((one) => hasShifted(draft, one));
  if (trigger === undefined) return;
  const text = `${signal.name} (${describeTrigger(trigger)})`;
  joinCause(draft, trigger, { text, trigger: trigger.id, alarm: bindingKey(signal), at: signal.at });
}

/** The triggers that a quarantined alarm has fired already: these it fires no more. */
function quietOf({ state }: Draft, signal: Signal): readonly string[] {
  const flap = flapOf(state, signal);
  return flap.quarantine === undefined ? [] : flap.fired;
}

/** An alarm that changed its state too often is put in quarantine, and the watch waits for it. */
function settleFlapping(draft: Draft, signal: Signal): void {
  const { plan, state } = draft;
  if (!isArmed(state.status) || isQuarantined(state, signal)) return;
  const changes = mostChanges(plan, flapOf(state, signal));
  const rule = alarmRule(plan);
  if (changes < rule.changes) return;
  const { source, name } = signal;
  draft.emit({ type: "AlarmQuarantined", source, name, changes });
  const text = `${name} changed its state ${changes} times in ${spoken(rule.within)}: it is in quarantine, holds the watch, and fires nothing anew until it has been still for ${spoken(rule.calm)} or somebody lifts it`;
  tell(draft, `quarantine-${source}-${name}-${draft.now}`, "status", text);
}

/** An alarm that is well again ends what only told of it, so that it is told of anew. Order is by its own clock. */
function clearByAlarm(draft: Draft, signal: Signal, triggers: readonly Trigger[]): void {
  if (flapOf(draft.state, signal).changes.at(-1)?.state !== "ok") return;
  for (const trigger of triggers) {
    const state = draft.state.triggers[trigger.id];
    if (state?.firedAt === undefined || state.breachedSince !== undefined) continue;
    if (mayClear(trigger, state)) draft.emit({ type: "TriggerCleared", trigger: trigger.id });
  }
}

/** Quarantined alarms that have stood still for long enough are believed again; red ones then count. */
export function settleCalm(draft: Draft): void {
  for (const [key, flap] of Object.entries(draft.state.flaps ?? {})) {
    const calm = calmAt(draft.plan, flap);
    if (calm === undefined || draft.now < calm || !isArmed(draft.state.status)) continue;
    lift(draft, key, "calm");
  }
}

function lift(draft: Draft, key: string, why: "calm" | "person"): void {
  const bound = draft.plan.triggers
    .flatMap((trigger) => namedSignals(draft.state, trigger))
    .find((binding) => bindingKey(binding) === key);
  if (bound === undefined) return;
  const { from: source, name } = bound;
  const last = flapOf(draft.state, { source, name }).changes.at(-1);
  draft.emit({ type: "QuarantineLifted", source, name, why });
  if (last?.state === "alarm") receiveSignal(draft, { source, name, state: "alarm", at: last.at });
}

/** A person says that an alarm can be believed again. */
export function liftQuarantine(draft: Draft, alarm: string): Decision {
  const quarantined = Object.entries(draft.state.flaps ?? {}).filter(([, flap]) => flap.quarantine);
  const [found] =
    quarantined.find(([key]) => key === alarm || key.slice(key.indexOf(":") + 1) === alarm) ?? [];
  if (found === undefined) {
    const names = oneOf(quarantined.map(([key]) => key));
    return reject(
      "conflict",
      "quarantine.none",
      `"${alarm}" is not in quarantine; ${names === "" ? "no alarm is" : `in quarantine: ${names}`}`,
    );
  }
  lift(draft, found, "person");
  return draft.decided();
}

function ignore(draft: Draft, signal: Signal, why: IgnoredBecause, detail: string): void {
  draft.emit({ type: "SignalIgnored", signal, why, detail });
}

function whyIgnored(
  draft: Draft,
  signal: Signal,
  triggers: readonly Trigger[],
): { why: IgnoredBecause; detail: string } | undefined {
  const { state } = draft;
  if (hasEnded(state.status) || state.status === "reviewing") {
    return { why: "ended", detail: `the release is ${spokenStatus(state.status)}` };
  }
  if (state.status === "rolling-back" && !triggers.some((trigger) => widensRollback(draft, trigger))) {
    return { why: "rolling-back", detail: "it is being put back already" };
  }
  if (state.status !== "rolling-back" && !isArmed(state.status))
    return { why: "not-started", detail: `the release is ${spokenStatus(state.status)}` };
  if (signal.state !== "alarm") return { why: "not-an-alarm", detail: `the alarm says ${signal.state}` };
  if (state.startedAt !== undefined && signal.at < state.startedAt) {
    return {
      why: "older-than-release",
      detail: `it is of ${signal.at}, the release started at ${state.startedAt}`,
    };
  }
  if (state.red.includes(signal.name) && draft.plan.onRed.choice !== "block") {
    return { why: "accepted-at-start", detail: "it was red when the release started, and was accepted" };
  }
  if (triggers.length === 0) return { why: "unbound", detail: "no trigger of this release is bound to it" };
  if (!triggers.some((trigger) => hasShifted(draft, trigger))) {
    return { why: "nothing-shifted", detail: "nothing that it could be about has been shifted yet" };
  }
  const quiet = quietOf(draft, signal);
  if (quiet.length > 0 && triggers.every((one) => quiet.includes(one.id) || !hasShifted(draft, one))) {
    return {
      why: "quarantined",
      detail: "it changes its state too often to be believed, and holds the watch",
    };
  }
  if (triggers.every(({ id }) => state.triggers[id]?.firedAt !== undefined)) {
    return { why: "already-fired", detail: "its triggers have fired, and are being dealt with" };
  }
  return undefined;
}

/**
 * The level of the alarms, read just now: what is red counts as if it had been told (S13), and what was
 * deleted, edited or muted in mid-release stops it.
 */
export function settleAlarms(draft: Draft, alarms: readonly SeenAlarm[]): void {
  for (const alarm of alarms) {
    if (!isArmed(draft.state.status)) {
      joinLevel(draft, alarm);
      continue;
    }
    settleDefinition(draft, alarm);
    if (alarm.state !== "alarm") {
      forgive(draft, alarm);
      continue;
    }
    const signal: Signal = { source: "cloudwatch", name: alarm.name, state: "alarm", at: alarm.since };
    const known = draft.state.signals[signalKey(signal)];
    if (known === undefined || isProvisional(known.effect)) {
      const level = draft.state.startedAt !== undefined && alarm.since < draft.state.startedAt;
      const triggers = triggersOf(draft.plan, draft.state, signal).filter((trigger) =>
        hasShifted(draft, trigger),
      );
      // Red since before the start and nobody accepted it: it is red now, and that is what counts.
      if (level && triggers.length > 0 && !draft.state.red.includes(alarm.name)) {
        draft.emit({ type: "SignalReceived", signal, triggers: triggers.map(({ id }) => id) });
        for (const trigger of triggers)
          fire(draft, trigger, `${alarm.name} is red (${describeTrigger(trigger)})`, {
            alarm: bindingKey(signal),
            at: alarm.since,
          });
      } else if (triggers.length > 0) {
        receiveSignal(draft, signal);
      }
    }
  }
}

/** Red beside the one that has just begun the rollback: one more cause of it. */
function joinLevel(draft: Draft, alarm: SeenAlarm): void {
  if (alarm.state !== "alarm" || draft.state.red.includes(alarm.name)) return;
  const signal: Signal = { source: "cloudwatch", name: alarm.name, state: "alarm", at: alarm.since };
  const trigger = triggersOf(draft.plan, draft.state, signal).find((one) => hasShifted(draft, one));
  if (trigger === undefined) return;
  const text = `${alarm.name} is red (${describeTrigger(trigger)})`;
  joinCause(draft, trigger, { text, trigger: trigger.id, alarm: bindingKey(signal), at: alarm.since });
}

/** An alarm that was accepted as red and has since been well again is an alarm like any other. */
function forgive(draft: Draft, alarm: SeenAlarm): void {
  if (alarm.state !== "ok" || !draft.state.red.includes(alarm.name)) return;
  draft.emit({ type: "AlarmChanged", alarm: alarm.name, what: "recovered" });
}

function settleDefinition(draft: Draft, alarm: SeenAlarm): void {
  const known = draft.state.alarms[alarm.name];
  if (known === undefined) return;
  const change = changeOf(alarm, known);
  if (change === known.changed) return;
  const about = { kind: "alarm", alarm: alarm.name } as const;
  if (change === undefined) {
    draft.emit({ type: "AlarmChanged", alarm: alarm.name, what: "restored" });
    settle(draft, about, "it is as it was");
    return;
  }
  const cause = `${alarm.name} was ${change} while the release runs`;
  draft.emit({ type: "AlarmChanged", alarm: alarm.name, what: change });
  pause(draft, cause);
  const question = `${cause}. Put it right, go on without it (resume), or roll back?`;
  ask(draft, about, question, "rollback");
  tell(draft, `alarm-${alarm.name}-${draft.now}`, "page", question);
}

function changeOf(alarm: SeenAlarm, known: AlarmState): AlarmState["changed"] {
  if (alarm.state === "missing") return "deleted";
  if (alarm.muted && !known.muted) return "muted";
  return alarm.digest === known.digest ? undefined : "edited";
}
