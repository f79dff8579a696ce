import { type Actor, hasRole, principal } from "../actor/schema.ts";
import type { Instant } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { hasRevised } from "../revision/standing.ts";
import { type ApprovalRule, signersOf } from "./schema.ts";
import type { ApprovalState, Delegation } from "./state.ts";

/** Where the signatures under one rule stand. */
export interface Standing {
  readonly rule: ApprovalRule;
  /** Different people who have to sign. */
  readonly needed: number;
  readonly given: readonly ApprovalState[];
  readonly declined: readonly ApprovalState[];
  readonly expired: readonly ApprovalState[];
  readonly isComplete: boolean;
  /** Roles that have to sign first and have not. */
  readonly waitsFor: readonly string[];
}

/** Every signature of a role, the spent ones as well. */
export function signaturesOf(state: ReleaseState, role: string): readonly ApprovalState[] {
  // Before a role could have several, its one stood here by itself.
  return [state.approvals[role] ?? []].flat();
}

/** Something was shifted, or nothing can be any more: what was signed has been used. */
export function isUsed(state: ReleaseState): boolean {
  const touched = Object.values(state.components).some((component) => component.touched);
  return touched || !["gates", "ready", "running"].includes(state.status);
}

/** Whether a signature is one that counts: of this plan, and, until it has been used, not run out. */
export function holds(state: ReleaseState, signature: ApprovalState, now: Instant): boolean {
  if (signature.verdict !== "given" || signature.plan !== state.plan) return false;
  return isUsed(state) || signature.expires === undefined || now < signature.expires;
}

/** All signatures that count now. */
export function inForce(state: ReleaseState, now: Instant): (ApprovalState & { readonly role: string })[] {
  return Object.keys(state.approvals).flatMap((role) =>
    signaturesOf(state, role)
      .filter((signature) => holds(state, signature, now))
      .map((signature) => ({ ...signature, role })),
  );
}

export function standingOf(plan: Plan, state: ReleaseState, rule: ApprovalRule, now: Instant): Standing {
  const waitsFor = (rule.after ?? []).filter((role) => {
    const before = plan.approvals.find((one) => one.role === role);
    return before !== undefined && before !== rule && !signaturesUnder(state, before, now).isComplete;
  });
  return { rule, waitsFor, ...signaturesUnder(state, rule, now) };
}

function signaturesUnder(state: ReleaseState, rule: ApprovalRule, now: Instant) {
  const all = signaturesOf(state, rule.role);
  const given = all.filter((signature) => holds(state, signature, now));
  const declined = all.filter(({ verdict }) => verdict === "declined");
  const expired = all.filter(
    (one) => one.verdict !== "declined" && one.plan === state.plan && !given.includes(one),
  );
  const needed = rule.count ?? 1;
  return { needed, given, declined, expired, isComplete: declined.length === 0 && given.length >= needed };
}

/** What keeps the approvals from being complete, in sentences that name who is waited for. */
export function approvalBlockers(plan: Plan, state: ReleaseState, now: Instant): string[] {
  return plan.approvals.flatMap((rule) => {
    const { isComplete, declined, expired, given, needed } = standingOf(plan, state, rule, now);
    if (isComplete) return [];
    if (declined.length > 0) return [`${rule.role} declined`];
    const who = oneOf(signersOf(rule));
    if (needed > 1) return [`${given.length} of ${needed} have approved as ${who}`];
    return [expired.length > 0 ? `the approval of ${who} has expired` : `${who} has not approved`];
  });
}

/** Who counts already: those who signed, and those they signed for. One person counts once. */
export function voicesOf(state: ReleaseState, now: Instant): { voice: string; role: string }[] {
  return inForce(state, now).flatMap(({ by, for: lender, role }) =>
    [by, ...(lender === undefined ? [] : [lender])].map((voice) => ({ voice, role })),
  );
}

/** The delegations to somebody that hold now. */
export function delegationsTo(state: ReleaseState, actor: Actor, now: Instant): Delegation[] {
  const who = actor.kind === "person" ? principal(actor) : undefined;
  return (state.delegations ?? []).filter(({ to, until }) => to === who && now < until);
}

/** By what somebody may speak for one of these roles: by holding it, or by a delegation that holds now. */
export function speaksAs(
  state: ReleaseState,
  actor: Actor,
  roles: readonly string[],
  now: Instant,
): { readonly role: string; readonly for?: string } | undefined {
  const own = roles.find((role) => hasRole(actor, role));
  if (own !== undefined) return { role: own };
  const lent = delegationsTo(state, actor, now).find(({ role }) => roles.includes(role));
  return lent === undefined ? undefined : { role: lent.role, for: lent.from };
}

/** Who may approve nothing of a release, and vote by proxy on nothing: whoever submitted, wrote or revised it. */
export function isPartial(
  plan: Plan,
  state: ReleaseState,
  who: string,
): "requester" | "author" | "reviser" | undefined {
  if (who === state.requester) return "requester";
  if (hasRevised(state, who)) return "reviser";
  const authors = [...(plan.authors ?? []), ...(state.formerAuthors ?? [])];
  return authors.includes(who) ? "author" : undefined;
}
