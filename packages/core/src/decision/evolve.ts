import type { DecisionEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { MatrixEvent } from "./events.ts";

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
      const answered = new Set([taken.about.trigger, ...(taken.causes ?? []).map(({ trigger }) => trigger)]);
      const triggers = Object.entries(state.triggers).filter(([id]) => !answered.has(id));
      return { ...state, decisions, triggers: Object.fromEntries(triggers) };
    }
  }
}

export function evolveMatrix(state: ReleaseState, event: MatrixEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "CauseAdded": {
      const { rollback } = state;
      if (rollback !== undefined && event.to === `rollback:${rollback.n}`) {
        return { ...state, rollback: { ...rollback, causes: [...(rollback.causes ?? []), event.cause] } };
      }
      const asked = state.decisions[event.to];
      if (asked === undefined) return state;
      const by = event.by === undefined ? {} : { by: event.by };
      const next = { ...asked, ...by, causes: [...(asked.causes ?? []), event.cause] };
      return { ...state, decisions: { ...state.decisions, [event.to]: next } };
    }
    case "DecisionVoted": {
      const asked = state.decisions[event.decision];
      if (asked === undefined) return state;
      const reason = meta.reason === undefined ? {} : { reason: meta.reason };
      const vote = { answer: event.answer, by: meta.by, at: meta.at, ...reason };
      const next = { ...asked, votes: { ...asked.votes, [event.role]: vote } };
      return { ...state, decisions: { ...state.decisions, [event.decision]: next } };
    }
    case "FixForwardChosen": {
      const { cause, owner } = event;
      const reason = meta.reason === undefined ? {} : { reason: meta.reason };
      const one = { cause, owner, by: meta.by, at: meta.at, ...reason };
      return { ...state, fixForwards: [...(state.fixForwards ?? []), one] };
    }
  }
}
