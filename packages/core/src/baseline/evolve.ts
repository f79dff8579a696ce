import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { BaselineEvent } from "./events.ts";

export function evolveBaseline(state: ReleaseState, event: BaselineEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "BaselineTaken": {
      const { from, to, unread } = event;
      const readings = Object.fromEntries(event.readings.map((reading) => [reading.metric, reading]));
      return { ...state, baseline: { takenAt: meta.at, from, to, readings, unread } };
    }
    case "BaselineVerified": {
      const { rollback } = state;
      if (rollback?.n !== event.n || rollback.verification === undefined) return state;
      const { results, done } = event;
      const verification = { ...rollback.verification, results, ...(done ? { endedAt: meta.at } : {}) };
      return { ...state, rollback: { ...rollback, verification } };
    }
  }
}
