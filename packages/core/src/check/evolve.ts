import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { CheckEvent } from "./events.ts";

export function evolveChecks(state: ReleaseState, event: CheckEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "CheckProbed": {
      const { check, answer, saw, expires } = event;
      const before = state.probes?.[check];
      const since = before?.answer === answer ? before.since : meta.at;
      const probes = { ...state.probes, [check]: { answer, saw, expires, askedAt: meta.at, since } };
      const { [check]: _, ...others } = state.overrides ?? {};
      return { ...state, probes, ...(answer === "yes" && state.overrides ? { overrides: others } : {}) };
    }
    case "CheckOverrideAsked": {
      const { by, at, reason } = meta;
      const asked = { by, at, ...(reason === undefined ? {} : { reason }) };
      return { ...state, overrides: { ...state.overrides, [event.check]: asked } };
    }
    case "CheckOverridden": {
      const asked = state.overrides?.[event.check];
      if (asked === undefined) return state;
      const second = { by: meta.by, at: meta.at };
      return { ...state, overrides: { ...state.overrides, [event.check]: { ...asked, second } } };
    }
  }
}
