import { principal } from "../actor/schema.ts";
import { speaksAs } from "../approval/standing.ts";
import { ms } from "../kit/duration.ts";
import { fromMillis, plus, toMillis } from "../kit/instant.ts";
import { offsetMs } from "../kit/offset.ts";
import { oneOf } from "../kit/text.ts";
import { ask } from "../release/ask.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { isOnThisPlan, whyNoGo } from "./standing.ts";

type Ask<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

/** Opens the go/no-go vote when its time has come, and takes silence at its end for NO-GO. */
export function settlePoll(draft: Draft): void {
  const { plan, state, now } = draft;
  if (plan.poll === undefined || state.t === undefined || state.status !== "running") return;
  const t = toMillis(state.t);
  if (state.poll === undefined || !isOnThisPlan(state, state.poll)) {
    const opens = fromMillis(t + offsetMs(plan.poll.at));
    if (now >= opens) openPoll(draft);
  } else if (state.poll.result === undefined && now >= state.poll.closes) {
    closePoll(draft, "no-go");
  }
}

/** A poll. A second one is a new poll: the votes of the first do not count. */
export function openPoll(draft: Draft): void {
  const { plan, state, now } = draft;
  if (plan.poll === undefined || state.t === undefined) return;
  const length = offsetMs(plan.poll.closes) - offsetMs(plan.poll.at);
  const planned = fromMillis(toMillis(state.t) + offsetMs(plan.poll.closes));
  const closes =
    state.poll === undefined && planned > now ? planned : plus(now, ms(Math.max(length, 60_000)));
  draft.emit({
    type: "PollOpened",
    closes,
    roles: plan.poll.roles,
    n: (state.earlierPolls?.length ?? 0) + (state.poll === undefined ? 1 : 2),
    plan: state.plan,
  });
}

function closePoll(draft: Draft, result: "go" | "no-go"): void {
  const { poll } = draft.state;
  if (poll === undefined) return;
  const who = (vote: string | undefined) => poll.roles.filter((role) => poll.votes[role]?.vote === vote);
  const [noGo, abstained, silent] = [who("no-go"), who("abstain"), who(undefined)];
  draft.emit({
    type: "PollClosed",
    result,
    noGo,
    silent: result === "go" ? [] : silent,
    ...(abstained.length === 0 ? {} : { abstained }),
    ...(poll.n === undefined ? {} : { n: poll.n }),
  });
  if (result === "go") return;
  ask(draft, { kind: "poll" }, `NO-GO: ${whyNoGo(poll)}. Vote again (retry) or abort?`, "rollback");
}

export function vote(draft: Draft, wish: Ask<"Vote">): Decision {
  const { plan, state, command, now } = draft;
  const who = principal(command.actor);
  if (command.actor.kind !== "person" || who === undefined) {
    return reject("forbidden", "poll.not-a-person", "only a person can vote");
  }
  if (state.poll === undefined) return reject("conflict", "poll.not-open", "no vote has been called yet");
  if (!state.poll.roles.includes(wish.role)) {
    return reject(
      "not-found",
      "poll.unknown-role",
      `${wish.role} is not asked; asked are ${oneOf(state.poll.roles, "and")}`,
    );
  }
  const speaks = speaksAs(state, command.actor, [wish.role], now);
  if (speaks === undefined) {
    return reject("forbidden", "poll.not-your-role", `you do not hold the role ${wish.role}`);
  }
  if (state.poll.result !== undefined || now >= state.poll.closes) {
    return reject(
      "conflict",
      "poll.closed",
      `the vote closed at ${state.poll.closedAt ?? state.poll.closes}`,
    );
  }
  if (wish.vote === "abstain" && plan.poll?.abstain !== true) {
    return reject("conflict", "poll.no-abstention", "nobody may abstain from this vote: say GO or NO-GO");
  }
  const mine = [who, speaks.for ?? who];
  const other = Object.entries(state.poll.votes).find(
    ([role, { by, for: lender }]) => role !== wish.role && (mine.includes(by) || mine.includes(lender ?? by)),
  );
  if (other !== undefined) {
    const whose = other[1].by === who ? "you have" : "who delegated this has";
    return reject("forbidden", "poll.counted-twice", `${whose} voted as ${other[0]}; one person counts once`);
  }
  if (state.poll.votes[wish.role] !== undefined && state.poll.votes[wish.role]?.by !== who) {
    return reject("conflict", "poll.already-voted", `${wish.role} has voted already`);
  }
  const lent = speaks.for === undefined ? {} : { for: speaks.for };
  draft.emit({ type: "VoteCast", role: wish.role, vote: wish.vote, ...lent });
  const { poll } = draft.state;
  const votes = (poll?.roles ?? []).map((role) => poll?.votes[role]?.vote);
  if (votes.includes("no-go")) closePoll(draft, "no-go");
  else if (!votes.includes(undefined)) closePoll(draft, votes.includes("go") ? "go" : "no-go");
  return draft.decided();
}
