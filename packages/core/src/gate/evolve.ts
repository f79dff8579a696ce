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
      const { t: _, ...rest } = state;
      return { ...rest, status: "gates" };
    }
    case "PollOpened":
      return {
        ...state,
        poll: { openedAt: meta.at, closes: event.closes, roles: event.roles, votes: {} },
      };
    case "VoteCast": {
      if (state.poll === undefined) return state;
      const vote = {
        vote: event.vote,
        by: meta.by,
        at: meta.at,
        ...(meta.reason === undefined ? {} : { reason: meta.reason }),
        ...(event.for === undefined ? {} : { for: event.for }),
      };
      return { ...state, poll: { ...state.poll, votes: { ...state.poll.votes, [event.role]: vote } } };
    }
    case "PollClosed":
      if (state.poll === undefined) return state;
      return { ...state, poll: { ...state.poll, closedAt: meta.at, result: event.result } };
  }
}
