import type { AlarmEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState, SignalState } from "../release/state.ts";
import { type Signal, signalKey } from "./schema.ts";

export function evolveAlarms(state: ReleaseState, event: AlarmEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "SignalReceived":
      return remember(state, event.signal, event.triggers.length > 0 ? "fired" : "noted");
    case "SignalIgnored":
      return remember(state, event.signal, event.why);
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
      const { breachedSince: _, ...rest } = state.triggers[event.trigger] ?? {};
      return { ...state, triggers: { ...state.triggers, [event.trigger]: rest } };
    }
    case "TriggerFired":
      return withTrigger(state, event.trigger, { firedAt: meta.at, cause: event.cause });
  }
}

/**
 * A release remembers so many changes of state, the newest. What is forgotten and comes again does no harm:
 * a trigger that has fired does not fire twice.
 */
const MOST_REMEMBERED = 300;

function withTrigger(state: ReleaseState, trigger: string, change: object): ReleaseState {
  return { ...state, triggers: { ...state.triggers, [trigger]: { ...state.triggers[trigger], ...change } } };
}

function remember(state: ReleaseState, signal: Signal, effect: SignalState["effect"]): ReleaseState {
  const key = signalKey(signal);
  const before = state.signals[key];
  const next: SignalState =
    before === undefined ? { signal, effect, again: 0 } : { ...before, again: before.again + 1 };
  const { [key]: _, ...others } = state.signals;
  const kept = Object.entries(others).slice(-MOST_REMEMBERED);
  return { ...state, signals: { ...Object.fromEntries(kept), [key]: next } };
}
