import { type Actor, hasRole } from "../actor/schema.ts";
import { oneOf } from "../kit/text.ts";
import { findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { Rejection } from "../release/commands.ts";
import { NEEDS_REASON, type PersonCommand } from "../release/person-commands.ts";

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
    ...plan.approvals.map(({ role }) => role),
    ...(plan.poll?.roles ?? []),
    plan.review.role,
  ]);
}

/**
 * Whether the actor may ask for this at all. What makes a release safer (pause, roll back, abort) anybody
 * with a role in it may do, at once; what makes it go on is for its manager and the owner of the step.
 */
export function mayAsk(
  plan: Plan,
  actor: Actor,
  wish: PersonCommand,
  reason: string | undefined,
): Rejection | undefined {
  if (NEEDS_REASON.includes(wish.type) && (reason === undefined || reason.trim() === "")) {
    return {
      kind: "invalid",
      code: "command.no-reason",
      message: `${wish.type} has to say why: give a reason`,
    };
  }
  const roles = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  const known = rolesOf(plan);
  if (!roles.some((role) => known.has(role))) {
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
    message: `${wish.type} is for ${oneOf(steering)}; you are ${oneOf(roles, "and") || "nobody"}`,
  };
}

/** The roles a command is reserved for; undefined when any role in the release will do. */
function steeredBy(plan: Plan, wish: PersonCommand): string[] | undefined {
  switch (wish.type) {
    case "Resume":
      return [RELEASE_MANAGER, ...owners(plan)];
    case "Promote":
    case "Retry":
      return wish.step === undefined
        ? [RELEASE_MANAGER, ...owners(plan)]
        : [RELEASE_MANAGER, ...ownerOf(plan, wish.step)];
    case "Skip":
      return [RELEASE_MANAGER];
    case "CompleteStep":
      return [RELEASE_MANAGER, ...ownerOf(plan, wish.step)];
    case "AnswerCheck":
    case "Approve":
    case "Decline":
    case "WithdrawApproval":
    case "Vote":
    case "Pause":
    case "Rollback":
    case "Abort":
    case "CompletePutBack":
    case "GiveReading":
    case "RecordValidation":
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

/** Whether some choice of different people, none of them the requester, can give every role (S7). */
export function canBeSatisfied(
  roles: readonly string[],
  people: readonly { readonly id: string; readonly roles: readonly string[] }[],
  requester: string | undefined,
): { ok: true } | { ok: false; role: string } {
  const giverOf = new Map<string, string>();
  const assign = (role: string, tried: Set<string>): boolean => {
    for (const person of people) {
      if (person.id === requester || !person.roles.includes(role) || tried.has(person.id)) continue;
      tried.add(person.id);
      const taken = giverOf.get(person.id);
      if (taken === undefined || assign(taken, tried)) {
        giverOf.set(person.id, role);
        return true;
      }
    }
    return false;
  };
  for (const role of roles) if (!assign(role, new Set())) return { ok: false, role };
  return { ok: true };
}
