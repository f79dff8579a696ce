import { hasRole, principal } from "../actor/schema.ts";
import { settleApprovals } from "../approval/decide.ts";
import { approvalBlockers, speaksAs } from "../approval/standing.ts";
import { ms } from "../kit/duration.ts";
import { fromMillis, type Instant, latest, plus, since, toMillis } from "../kit/instant.ts";
import { offsetMs } from "../kit/offset.ts";
import { oneOf } from "../kit/text.ts";
import type { Plan } from "../plan/schema.ts";
import { leadOffset } from "../plan/timeline.ts";
import { ask } from "../release/ask.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import type { ReleaseState } from "../release/state.ts";

type Ask<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

/** What still keeps the gates closed, in sentences that name who is waited for. */
export function gateBlockers(plan: Plan, state: ReleaseState, now: Instant): string[] {
  const checks = plan.checklist.flatMap(({ id, check, role }) => {
    const answer = state.checks[id]?.answer;
    if (answer === "yes") return [];
    return [answer === "no" ? `${role} answered No to "${check}"` : `${role} has not answered "${check}"`];
  });
  return [...checks, ...approvalBlockers(plan, state, now)];
}

/** Opens the gates as soon as nothing keeps them closed; closes them again when something does. */
export function settleGates(draft: Draft): void {
  settleApprovals(draft);
  const { plan, state, now } = draft;
  const blockers = gateBlockers(plan, state, now);
  if (state.status === "gates" && blockers.length === 0) {
    const lead = Math.max(0, -offsetMs(leadOffset(plan)));
    const t = latest(state.plannedT, fromMillis(toMillis(now) + lead));
    const slipped = since(state.plannedT, t);
    draft.emit({ type: "GatesOpened", t, ...(t > state.plannedT ? { slippedBy: slipped } : {}) });
  } else if (state.status === "ready" && blockers.length > 0) {
    draft.emit({ type: "GatesClosed", why: blockers.join("; ") });
  }
}

export function answerCheck(draft: Draft, wish: Ask<"AnswerCheck">): Decision {
  const { plan, state, command } = draft;
  const check = plan.checklist.find(({ id }) => id === wish.check);
  if (check === undefined) {
    const known = oneOf(plan.checklist.map(({ id }) => id));
    return reject(
      "not-found",
      "check.unknown",
      `there is no check "${wish.check}"; the checklist has ${known || "none"}`,
    );
  }
  if (!hasRole(command.actor, check.role)) {
    return reject("forbidden", "check.not-your-role", `"${check.check}" is for ${check.role} to answer`);
  }
  if (state.status !== "gates" && state.status !== "ready") {
    return reject("conflict", "check.closed", "the release has started; its checklist stands as it was");
  }
  const { type: _, ...answer } = wish;
  draft.emit({
    type: "CheckAnswered",
    check: answer.check,
    answer: answer.answer,
    ...(answer.note === undefined ? {} : { note: answer.note }),
    ...(answer.evidence === undefined ? {} : { evidence: answer.evidence }),
  });
  settleGates(draft);
  return draft.decided();
}

/** Opens the go/no-go vote when its time has come, and takes silence at its end for NO-GO. */
export function settlePoll(draft: Draft): void {
  const { plan, state, now } = draft;
  if (plan.poll === undefined || state.t === undefined || state.status !== "running") return;
  const t = toMillis(state.t);
  if (state.poll === undefined) {
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
  draft.emit({ type: "PollOpened", closes, roles: plan.poll.roles });
}

function closePoll(draft: Draft, result: "go" | "no-go"): void {
  const { poll } = draft.state;
  if (poll === undefined) return;
  const noGo = poll.roles.filter((role) => poll.votes[role]?.vote === "no-go");
  const silent = poll.roles.filter((role) => poll.votes[role] === undefined);
  draft.emit({ type: "PollClosed", result, noGo, silent: result === "go" ? [] : silent });
  if (result === "go") return;
  const said =
    noGo.length > 0 ? `${oneOf(noGo, "and")} said NO-GO` : `${oneOf(silent, "and")} did not answer`;
  ask(draft, { kind: "poll" }, `NO-GO: ${said}. Vote again (retry) or abort?`, "rollback");
}

export function vote(draft: Draft, wish: Ask<"Vote">): Decision {
  const { state, command, now } = draft;
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
  if (wish.vote === "no-go") closePoll(draft, "no-go");
  else if (poll?.roles.every((role) => poll.votes[role]?.vote === "go")) closePoll(draft, "go");
  return draft.decided();
}
