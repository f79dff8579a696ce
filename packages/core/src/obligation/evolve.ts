import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ObligationEvent } from "./events.ts";
import type { ObligationState } from "./state.ts";

export function evolveObligations(state: ReleaseState, event: ObligationEvent, meta: Meta): ReleaseState {
  const before = state.obligations?.[event.obligation];
  const put = (one: ObligationState): ReleaseState => ({
    ...state,
    obligations: { ...state.obligations, [event.obligation]: one },
  });
  if (event.type === "ObligationCreated") {
    const { type: _, obligation: __, ...created } = event;
    return put({ ...created, createdAt: meta.at });
  }
  if (before === undefined) return state;
  switch (event.type) {
    case "ObligationReminded":
      return put({ ...before, remindedAt: meta.at });
    case "ObligationOverdue":
      return put({ ...before, overdueAt: meta.at });
    case "ObligationCompleted":
      return put({
        ...before,
        completedAt: meta.at,
        completedBy: meta.by,
        ...(event.note === undefined ? {} : { note: event.note }),
        ...(event.evidence === undefined ? {} : { evidence: event.evidence }),
        ...(event.record === undefined ? {} : { record: event.record }),
      });
  }
}
