import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { IncidentEvent } from "./events.ts";

export function evolveIncident(state: ReleaseState, event: IncidentEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "IncidentOpened": {
      const { type: _, incident, ...about } = event;
      return { ...state, incident: { id: incident, openedAt: meta.at, ...about } };
    }
    case "IncidentResolved":
      if (state.incident === undefined) return state;
      return { ...state, incident: { ...state.incident, resolvedAt: meta.at, how: event.how } };
  }
}
