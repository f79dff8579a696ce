import { at } from "../kit/offset.ts";
import type { Plan } from "../plan/schema.ts";
import { whyNoGo } from "../poll/standing.ts";
import type { PollState } from "../poll/state.ts";
import type { ReleaseState } from "../release/state.ts";
import type { PollRoundView, PollView } from "./schema.ts";

/** The go/no-go vote with every poll that came before it. */
export function pollView(plan: Plan, state: ReleaseState): PollView | undefined {
  if (plan.poll === undefined) return undefined;
  const t = state.t ?? state.plannedT;
  const earlier = (state.earlierPolls ?? []).map((poll, index) => roundView(poll, index + 1));
  const mayAbstain = plan.poll.abstain ?? false;
  if (state.poll !== undefined) return { ...roundView(state.poll, earlier.length + 1), mayAbstain, earlier };
  return {
    n: 1,
    opensAt: at(t, plan.poll.at),
    closes: at(t, plan.poll.closes),
    open: false,
    votes: plan.poll.roles.map((role) => ({ role })),
    mayAbstain,
    earlier,
  };
}

function roundView(poll: PollState, n: number): PollRoundView {
  const { openedAt, closes, closedAt, result, roles, votes } = poll;
  return {
    n: poll.n ?? n,
    opensAt: openedAt,
    closes,
    open: result === undefined,
    votes: roles.map((role) => ({ role, ...votes[role] })),
    ...(closedAt === undefined ? {} : { closedAt }),
    ...(result === undefined ? {} : { result }),
    ...(result === "no-go" ? { why: whyNoGo(poll) } : {}),
  };
}
