import type { WatchEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import { stepState, withStep } from "../step/evolve.ts";

export function evolveWatch(state: ReleaseState, event: WatchEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "PhasePassed":
      return withStep(state, event.step, {
        status: "done",
        endedAt: meta.at,
        by: meta.by,
        judged: event.judged,
        ...(event.promoted === undefined ? {} : { promoted: true }),
      });
    case "PhaseHeld": {
      const before = stepState(state, event.step);
      return withStep(state, event.step, {
        status: "held",
        heldWhy: event.why,
        heldFrom: before.status === "watching" || before.heldFrom === "watching" ? "watching" : "waiting",
        judged: event.judged,
      });
    }
    case "PhaseReleased": {
      const { heldWhy: _, heldFrom, ...before } = stepState(state, event.step);
      return {
        ...state,
        steps: { ...state.steps, [event.step]: { ...before, status: heldFrom ?? "waiting" } },
      };
    }
    case "VerdictChanged":
      return {
        ...state,
        metrics: {
          ...state.metrics,
          [event.metric]: { verdict: event.verdict, reading: event.reading, at: meta.at },
        },
      };
  }
}
