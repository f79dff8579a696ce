import type { Plan } from "../plan/schema.ts";
import type { AlarmEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState, SignalState } from "../release/state.ts";
import { flapOf, withChange } from "./flap.ts";
import { bindingKey, type Signal, signalKey } from "./schema.ts";
import { namedSignals } from "./tagged.ts";

export function evolveAlarms(plan: Plan, state: ReleaseState, event: AlarmEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "SignalReceived":
      return behaved(
        plan,
        remember(state, event.signal, event.triggers.length > 0 ? "fired" : "noted"),
        event.signal,
        event.triggers,
      );
    case "SignalIgnored": {
      const isOfOtherTime = ["older-than-release", "not-started", "ended"].includes(event.why);
      const next = remember(state, event.signal, event.why);
      return isOfOtherTime ? next : behaved(plan, next, event.signal, []);
    }
    case "AlarmChanged": {
      if (event.what === "recovered")
        return { ...state, red: state.red.filter((name) => name !== event.alarm) };
      const before = state.alarms[event.alarm];
      if (before === undefined) return state;
      const { changed: _, ...rest } = before;
      const next = event.what === "restored" ? rest : { ...rest, changed: event.what };
      return { ...state, alarms: { ...state.alarms, [event.alarm]: next } };
    }
    case "TriggerBreached":
      return withTrigger(state, event.trigger, { breachedSince: meta.at });
    case "TriggerCleared": {
      const { breachedSince: _, firedAt: __, ...rest } = state.triggers[event.trigger] ?? {};
      return { ...state, triggers: { ...state.triggers, [event.trigger]: rest } };
    }
    case "TriggerFired":
      return withTrigger(state, event.trigger, {
        firedAt: meta.at,
        cause: event.cause,
        lastFiredAt: meta.at,
        times: (state.triggers[event.trigger]?.times ?? 0) + 1,
      });
  }
}

/** What a bound alarm said, kept in the order of its own clock, and which triggers it has fired. */
function behaved(plan: Plan, state: ReleaseState, signal: Signal, fired: readonly string[]): ReleaseState {
  const key = bindingKey(signal);
  const isBound = plan.triggers.some((trigger) =>
    namedSignals(state, trigger).some((bound) => bindingKey(bound) === key),
  );
  if (!isBound) return state;
  const next = withChange(flapOf(state, signal), signal);
  const flap = { ...next, fired: [...new Set([...next.fired, ...fired])] };
  return { ...state, flaps: { ...state.flaps, [key]: flap } };
}

/**
 * A release remembers so many changes of state, the newest. What is forgotten and comes again does no harm:
 * a trigger that has fired does not fire twice.
 */
const MOST_REMEMBERED = 100;

function withTrigger(state: ReleaseState, trigger: string, change: object): ReleaseState {
  return { ...state, triggers: { ...state.triggers, [trigger]: { ...state.triggers[trigger], ...change } } };
}

function remember(state: ReleaseState, signal: Signal, effect: SignalState["effect"]): ReleaseState {
  const key = signalKey(signal);
  const before = state.signals[key];
  // What it says of itself is in the log; here it would only make the state large.
  const { says: _, ...known } = signal;
  const again = before === undefined ? 0 : before.again + 1;
  const isFirst = before === undefined || isProvisional(before.effect);
  const next: SignalState = isFirst ? { signal: known, effect, again } : { ...before, again };
  const { [key]: __, ...others } = state.signals;
  const entries = Object.entries(others);
  const excess = new Set(
    // The oldest go first, and what had an effect goes last.
    entries
      .toSorted(([, a], [, b]) => Number(a.effect === "fired") - Number(b.effect === "fired"))
      .slice(0, Math.max(0, entries.length - MOST_REMEMBERED + 1))
      .map(([one]) => one),
  );
  const kept = entries.filter(([one]) => !excess.has(one));
  return { ...state, signals: { ...Object.fromEntries(kept), [key]: next } };
}

/** It came before it could mean anything, and is looked at again when it comes again. */
export function isProvisional(effect: SignalState["effect"]): boolean {
  return ["not-started", "nothing-shifted", "quarantined", "unbound"].includes(effect);
}
