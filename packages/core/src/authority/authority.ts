import { type Actor, hasRole } from "../actor/schema.ts";
import { type ApprovalRule, signersOf } from "../approval/schema.ts";
import { oneOf } from "../kit/text.ts";
import { findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { Rejection } from "../release/commands.ts";
import { needsReason, type PersonCommand } from "../release/person-commands.ts";
import { oneWayRoles } from "../step/one-way.ts";

/** The role that may steer every release. */
export const RELEASE_MANAGER = "Release Manager";

/** Every role that a plan names, in whatever part of it. */
export function rolesOf(plan: Plan): Set<string> {
  return new Set([
    RELEASE_MANAGER,
    ...plan.roles.map(({ name }) => name),
    ...plan.steps.map(({ owner }) => owner),
    ...plan.metrics.map(({ owner }) => owner),
    ...plan.triggers.map(({ owner }) => owner),
    ...plan.checklist.map(({ role }) => role),
    ...plan.approvals.flatMap(signersOf),
    ...plan.steps.flatMap(oneWayRoles),
    ...(plan.poll?.roles ?? []),
    ...(plan.decisions === undefined ? [] : [...plan.decisions.authority, ...plan.decisions.alone]),
    plan.review.role,
    ...(plan.obligations ?? []).map(({ role }) => role),
    ...(plan.closing ?? []).map(({ owner }) => owner),
    ...(plan.hypercare?.checks ?? []).map(({ owner }) => owner),
  ]);
}

/**
 * Whether the actor may ask for this at all. What makes a release safer (pause, roll back, abort) anybody
 * with a role in it may do, at once; what makes it go on is for its manager and the owner of the step. A role
 * that was delegated to the actor, `lent`, lets them sign and vote, and nothing else.
 */
export function mayAsk(
  plan: Plan,
  actor: Actor,
  wish: PersonCommand,
  reason: string | undefined,
  lent: readonly string[] = [],
): Rejection | undefined {
  if (needsReason(wish) && (reason === undefined || reason.trim() === "")) {
    return {
      kind: "invalid",
      code: "command.no-reason",
      message: `${wish.type === "Vote" ? wish.vote.toUpperCase() : wish.type} has to say why: give a reason`,
    };
  }
  // Whoever owes it may be of a role that the plan does not name: the review names it.
  if (wish.type === "CompleteObligation") return undefined;
  const roles = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  const known = rolesOf(plan);
  const isSpeaking = SPEAKING.includes(wish.type) && lent.length > 0;
  if (!isSpeaking && !roles.some((role) => known.has(role))) {
    return {
      kind: "forbidden",
      code: "command.no-role",
      message: `you hold no role in this release; its roles are ${oneOf([...known].sort(), "and")}`,
    };
  }
  const steering = steeredBy(plan, wish);
  if (steering === undefined || steering.some((role) => hasRole(actor, role))) return undefined;
  return {
    kind: "forbidden",
    code: "command.not-your-role",
    message: `${wish.type} is for ${oneOf([...new Set(steering)])}; you are ${oneOf(roles, "and") || "nobody"}`,
  };
}

/** What a delegated role is good for. */
export const SPEAKING: readonly PersonCommand["type"][] = [
  "Approve",
  "Decline",
  "WithdrawApproval",
  "Vote",
  "EndDelegation",
];

/** The roles a command is reserved for; undefined when any role in the release will do. */
function steeredBy(plan: Plan, wish: PersonCommand): string[] | undefined {
  switch (wish.type) {
    case "Resume":
      return [RELEASE_MANAGER, ...owners(plan), ...(plan.decisions?.authority ?? [])];
    case "Promote":
    case "Retry":
      return wish.step === undefined
        ? [RELEASE_MANAGER, ...owners(plan)]
        : [RELEASE_MANAGER, ...ownerOf(plan, wish.step)];
    case "Skip":
      return [RELEASE_MANAGER];
    case "CompleteStep":
      return [RELEASE_MANAGER, ...ownerOf(plan, wish.step)];
    case "LiftQuarantine":
      return [RELEASE_MANAGER, ...owners(plan), ...(plan.decisions?.authority ?? [])];
    case "CopyArchive":
      return [RELEASE_MANAGER, plan.review.role];
    case "ResolveIncident":
      return [RELEASE_MANAGER, plan.review.role, ...owners(plan)];
    case "ApproveStep":
    case "Decide":
    case "AnswerCheck":
    case "OverrideCheck":
    case "DeclareIncident":
    case "AnswerHypercare":
    case "Approve":
    case "Decline":
    case "WithdrawApproval":
    case "Delegate":
    case "EndDelegation":
    case "Vote":
    case "Pause":
    case "Rollback":
    case "Abort":
    case "CompletePutBack":
    case "GiveReading":
    case "RecordValidation":
    case "CompleteObligation":
    case "SaveReview":
    case "SignReview":
      return undefined;
  }
}

function ownerOf(plan: Plan, step: string): string[] {
  const found = findStep(plan, step);
  return found === undefined ? [] : [found.owner];
}

/** The owners of phases: they may let a paused release go on. */
function owners(plan: Plan): string[] {
  return [...new Set(plan.steps.filter((step) => step.kind === "phase").map((step) => step.owner))];
}

/**
 * Whether some choice of different people, none of them the requester or an author, can give every signature
 * (S7). A role alone stands for one signature of it.
 */
export function canBeSatisfied(
  needs: readonly (string | ApprovalRule)[],
  people: readonly { readonly id: string; readonly roles: readonly string[] }[],
  requester: string | undefined,
  authors: readonly string[] = [],
): { ok: true } | { ok: false; role: string } {
  const signatures = needs.flatMap((need) => {
    const rule = typeof need === "string" ? { role: need } : need;
    return Array.from({ length: rule.count ?? 1 }, () => ({ role: rule.role, signers: signersOf(rule) }));
  });
  const free = people.filter(({ id }) => id !== requester && !authors.includes(id));
  const givenBy = new Map<string, number>();
  const assign = (index: number, tried: Set<string>): boolean => {
    const signers = signatures[index]?.signers ?? [];
    for (const person of free) {
      if (tried.has(person.id) || !person.roles.some((role) => signers.includes(role))) continue;
      tried.add(person.id);
      const taken = givenBy.get(person.id);
      if (taken === undefined || assign(taken, tried)) {
        givenBy.set(person.id, index);
        return true;
      }
    }
    return false;
  };
  for (const [index, { role }] of signatures.entries()) {
    if (!assign(index, new Set())) return { ok: false, role };
  }
  return { ok: true };
}
