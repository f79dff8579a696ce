import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { RehearsalEvent } from "./events.ts";

export function evolveRehearsal(state: ReleaseState, event: RehearsalEvent, meta: Meta): ReleaseState {
  const { type: _, ...came } = event;
  return { ...state, rehearsal: { ...came, at: meta.at } };
}
