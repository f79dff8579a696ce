import { oneOf } from "../kit/text.ts";
import type { ReleaseState } from "../release/state.ts";
import type { PollState } from "./state.ts";

/** Whether the vote is GO, and on the plan that is to run: a vote on another plan says nothing of this one. */
export function isGo(state: ReleaseState): boolean {
  return state.poll?.result === "go" && isOnThisPlan(state, state.poll);
}

export function isOnThisPlan(state: ReleaseState, poll: PollState): boolean {
  return poll.plan === undefined || poll.plan === state.plan;
}

/** Why a poll that is not GO is not, naming roles. */
export function whyNoGo({ roles, votes }: PollState): string {
  const against = roles.filter((role) => votes[role]?.vote === "no-go");
  if (against.length > 0) {
    const reasons = against.flatMap((role) => votes[role]?.reason ?? []);
    return `${oneOf(against, "and")} said NO-GO${reasons.length === 0 ? "" : ` (${reasons.join("; ")})`}`;
  }
  const silent = roles.filter((role) => votes[role] === undefined);
  return silent.length > 0
    ? `${oneOf(silent, "and")} did not answer`
    : "everybody abstained, and nobody said GO";
}
