import { hasRole, principal } from "../actor/schema.ts";
import { shortDigest } from "../kit/digest.ts";
import { plus } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { type ApprovalRule, ruleFor, signersOf } from "./schema.ts";
import { isPartial, isUsed, signaturesOf, speaksAs, standingOf, voicesOf } from "./standing.ts";

type Ask<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

/** What bars somebody from a signature. */
const PARTS = {
  requester: { did: "submitted this release", code: "approval.own-release" },
  author: { did: "wrote some of what it brings", code: "approval.author" },
  reviser: { did: "revised this plan", code: "approval.own-revision" },
};

/** What every signature needs, given or declined: a person with the role, who has no part in the plan. */
function signer(draft: Draft, wish: Ask<"Approve"> | Ask<"Decline">) {
  const { plan, state, command, now } = draft;
  const who = principal(command.actor);
  if (command.actor.kind !== "person" || who === undefined) {
    return reject("forbidden", "approval.not-a-person", "only a person can approve or decline");
  }
  const rule = ruleFor(plan.approvals, wish.role);
  if (rule === undefined) {
    const roles = oneOf(plan.approvals.map(({ role }) => role));
    return reject(
      "not-found",
      "approval.unknown-role",
      `nobody is asked to approve as ${wish.role}; asked are ${roles || "none"}`,
    );
  }
  const speaks = speaksAs(state, command.actor, [wish.role, ...signersOf(rule)], now);
  if (speaks === undefined) {
    return reject("forbidden", "approval.not-your-role", `you do not hold the role ${wish.role}`);
  }
  for (const one of [who, ...(speaks.for === undefined ? [] : [speaks.for])]) {
    const part = isPartial(plan, state, one);
    if (part !== undefined) {
      const whose = one === who ? "you" : "who delegated this to you";
      const { did, code } = PARTS[part];
      return reject("forbidden", code, `${whose} ${did}; somebody else has to approve it`);
    }
  }
  if (wish.plan !== state.plan) {
    return reject(
      "conflict",
      "approval.other-plan",
      `that is the approval of another plan; this release's is ${shortDigest(state.plan)}: read it again and approve that`,
    );
  }
  return { ok: true as const, rule, who, speaks };
}

/** What an event says of a signature besides its role. */
function signed(draft: Draft, rule: ApprovalRule, speaks: { role: string; for?: string }, note?: string) {
  return {
    plan: draft.state.plan,
    ...(note === undefined ? {} : { note }),
    ...(speaks.role === rule.role ? {} : { as: speaks.role }),
    ...(speaks.for === undefined ? {} : { for: speaks.for }),
  };
}

export function approve(draft: Draft, wish: Ask<"Approve">): Decision {
  const found = signer(draft, wish);
  if (!("rule" in found)) return found;
  const { rule, who, speaks } = found;
  const { plan, state, now } = draft;
  if (isUsed(state)) {
    return reject(
      "conflict",
      "approval.closed",
      "something was shifted already; approvals stand as they were",
    );
  }
  const { declined, given, isComplete, waitsFor } = standingOf(plan, state, rule, now);
  if (declined.length > 0) {
    return reject(
      "conflict",
      "approval.declined",
      `${rule.role} has declined; that has to be withdrawn first`,
    );
  }
  if (given.some(({ by }) => by === who)) {
    return reject("conflict", "approval.already-given", `you have approved as ${rule.role} already`);
  }
  if (isComplete) return reject("conflict", "approval.already-given", `${rule.role} has approved already`);
  if (waitsFor.length > 0) {
    return reject(
      "conflict",
      "approval.too-early",
      `${oneOf(waitsFor, "and")} has to approve before ${rule.role} does`,
    );
  }
  const mine = [who, speaks.for];
  const counted = voicesOf(state, now).find(({ voice }) => mine.includes(voice));
  if (counted !== undefined) {
    const whose = counted.voice === who ? "you have" : "who delegated this to you has";
    return reject(
      "forbidden",
      "approval.counted-twice",
      `${whose} approved as ${counted.role}; one person counts once`,
    );
  }
  const expires = rule.expires === undefined ? {} : { expires: plus(now, rule.expires) };
  draft.emit({
    type: "ApprovalGiven",
    role: rule.role,
    ...signed(draft, rule, speaks, wish.note),
    ...expires,
  });
  return draft.decided();
}

/** Wins over every approval of the same role, whichever came first, until it is withdrawn. */
export function decline(draft: Draft, wish: Ask<"Decline">): Decision {
  const found = signer(draft, wish);
  if (!("rule" in found)) return found;
  if (isUsed(draft.state)) {
    return reject("conflict", "approval.used", "something was shifted already; pause or roll back instead");
  }
  const { rule, speaks } = found;
  draft.emit({ type: "ApprovalDeclined", role: rule.role, ...signed(draft, rule, speaks, wish.note) });
  voidWhatRests(draft, rule.role, `${rule.role} declined`);
  return draft.decided();
}

export function withdrawApproval(draft: Draft, wish: Ask<"WithdrawApproval">): Decision {
  const { plan, state, command } = draft;
  const role = ruleFor(plan.approvals, wish.role)?.role ?? wish.role;
  const all = signaturesOf(state, role);
  if (all.length === 0) {
    return reject("not-found", "approval.none", `${wish.role} has neither approved nor declined`);
  }
  const who = principal(command.actor);
  const mine = all.find((one) => one.by === who) ?? all.find((one) => one.for === who && who !== undefined);
  if (mine === undefined) {
    return reject("forbidden", "approval.not-yours", "only the person who gave it can withdraw it");
  }
  if (isUsed(state)) {
    return reject(
      "conflict",
      "approval.used",
      "it has been used: something was shifted; pause or roll back instead",
    );
  }
  draft.emit({ type: "ApprovalWithdrawn", role, by: mine.by });
  voidWhatRests(draft, role, `the approval of ${role} was withdrawn`);
  return draft.decided();
}

/** Records what has run out: from then on it is spent, whatever another clock says (S7). */
export function settleApprovals(draft: Draft): void {
  const { state, now } = draft;
  if (isUsed(state)) return;
  for (const role of Object.keys(state.approvals)) {
    for (const { verdict, by, expires } of signaturesOf(state, role)) {
      if (verdict !== "given" || expires === undefined || now < expires) continue;
      draft.emit({ type: "ApprovalExpired", role, by });
      voidWhatRests(draft, role, `the approval of ${role} has expired`);
    }
  }
}

/** Who signs after another role signs on the strength of that: where it falls, theirs falls with it. */
function voidWhatRests(draft: Draft, role: string, why: string): void {
  for (const rule of draft.plan.approvals) {
    if (rule.role === role || rule.after?.includes(role) !== true) continue;
    const resting = signaturesOf(draft.state, rule.role).filter(({ verdict }) => verdict === "given");
    for (const { by } of resting) draft.emit({ type: "ApprovalVoided", role: rule.role, by, why });
    if (resting.length > 0) voidWhatRests(draft, rule.role, why);
  }
}

/** Lends a role that one holds oneself to somebody else, for this release, until a moment. */
export function delegate(draft: Draft, wish: Ask<"Delegate">): Decision {
  const { plan, state, command, now } = draft;
  const from = principal(command.actor);
  if (command.actor.kind !== "person" || from === undefined) {
    return reject("forbidden", "delegation.not-a-person", "only a person can delegate a role");
  }
  const asked = [...plan.approvals.flatMap(signersOf), ...(plan.poll?.roles ?? [])];
  if (!asked.includes(wish.role)) {
    return reject(
      "not-found",
      "delegation.unknown-role",
      `nothing is signed or voted as ${wish.role}; asked are ${oneOf([...new Set(asked)], "and") || "none"}`,
    );
  }
  if (!hasRole(command.actor, wish.role)) {
    const message = `you do not hold the role ${wish.role} yourself; what was delegated is not passed on`;
    return reject("forbidden", "delegation.not-your-role", message);
  }
  if (wish.to === from) return reject("invalid", "delegation.to-self", "name somebody else to delegate to");
  for (const [one, what] of [
    [from, "what you submitted or wrote is not approved in your name"],
    [wish.to, "whoever submitted or wrote it approves nothing of it, in nobody's name"],
  ] as const) {
    if (isPartial(plan, state, one) !== undefined) return reject("forbidden", "delegation.partial", what);
  }
  if (wish.until <= now)
    return reject("invalid", "delegation.over", `${wish.until} is past; name a later end`);
  if (isUsed(state) && state.poll?.result !== undefined) {
    return reject("conflict", "delegation.closed", "everything has been signed and voted");
  }
  draft.emit({ type: "RoleDelegated", role: wish.role, from, to: wish.to, until: wish.until });
  return draft.decided();
}

/** Ends what one has lent, or been lent, before its time. What was signed until then stands. */
export function endDelegation(draft: Draft, wish: Ask<"EndDelegation">): Decision {
  const { state, command } = draft;
  const who = principal(command.actor);
  const mine = (state.delegations ?? []).filter(
    ({ role, from, to }) =>
      role === wish.role && (from === who || to === who) && (wish.to === undefined || to === wish.to),
  );
  const found = mine.find(({ everywhere }) => everywhere === undefined) ?? mine[0];
  if (found === undefined) {
    return reject("not-found", "delegation.none", `you have delegated ${wish.role} to nobody of that name`);
  }
  const { role, from, to, everywhere } = found;
  if (everywhere !== undefined) {
    const message = `it holds for every release: withdraw it there (gonogo delegation withdraw ${everywhere})`;
    return reject("conflict", "delegation.everywhere", message);
  }
  draft.emit({ type: "DelegationEnded", role, from, to });
  return draft.decided();
}
