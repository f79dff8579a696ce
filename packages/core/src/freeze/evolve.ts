import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { FreezeEvent } from "./events.ts";

export function evolveFreezes(state: ReleaseState, event: FreezeEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "FreezeDeclared": {
      const { type: _, freeze, ...rest } = event;
      const open = Object.entries(state.freezes ?? {}).filter(([, { to }]) => to > meta.at);
      return { ...state, freezes: { ...Object.fromEntries(open), [freeze]: { id: freeze, ...rest } } };
    }
    case "FreezeLifted": {
      const { [event.freeze]: _, ...freezes } = state.freezes ?? {};
      return { ...state, freezes };
    }
    case "WindowsChanged":
      return { ...state, windows: event.windows };
    case "FreezeExempted":
      return { ...state, exempted: [...(state.exempted ?? []), event.freeze] };
    case "StartMoved": {
      const movedFrom = state.movedFrom ?? state.t ?? event.t;
      if (event.t > movedFrom) return { ...state, t: event.t, movedFrom };
      const { movedFrom: _, ...rest } = state;
      return { ...rest, t: event.t };
    }
  }
}
