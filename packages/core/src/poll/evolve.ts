import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { PollEvent } from "./events.ts";
import type { PollState, VoteState } from "./state.ts";

export function evolvePoll(state: ReleaseState, event: PollEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "PollOpened": {
      const { type: _, ...opened } = event;
      const poll: PollState = { ...opened, openedAt: meta.at, votes: {} };
      if (state.poll === undefined) return { ...state, poll };
      return { ...state, poll, earlierPolls: [...(state.earlierPolls ?? []), state.poll] };
    }
    case "VoteCast": {
      if (state.poll === undefined) return state;
      const vote: VoteState = {
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
