import type { GateEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";

export function evolveGates(state: ReleaseState, event: GateEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "ReleaseSubmitted":
      return state;
    case "CheckAnswered": {
      const { type: _, check, ...answer } = event;
      return { ...state, checks: { ...state.checks, [check]: { ...answer, by: meta.by, at: meta.at } } };
    }
    case "GatesOpened":
      return { ...state, status: "ready", t: event.t };
    case "GatesClosed": {
      const { t: _, movedFrom: __, ...rest } = state;
      return { ...rest, status: "gates" };
    }
  }
}
