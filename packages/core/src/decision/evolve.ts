import type { DecisionEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";

export function evolveDecisions(state: ReleaseState, event: DecisionEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "DecisionAsked": {
      const { type: _, decision, ...asked } = event;
      return { ...state, decisions: { ...state.decisions, [decision]: { ...asked, askedAt: meta.at } } };
    }
    case "DecisionTaken": {
      const { [event.decision]: taken, ...decisions } = state.decisions;
      if (taken === undefined) return state;
      if (taken.about.kind !== "trigger") return { ...state, decisions };
      // Somebody looked at it and said to go on: should it happen again, it fires again.
      const { [taken.about.trigger]: _, ...triggers } = state.triggers;
      return { ...state, decisions, triggers };
    }
  }
}
