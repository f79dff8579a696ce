import { type Actor, hasRole } from "../actor/schema.ts";
import { digestOf } from "../kit/digest.ts";
import { hasErrors } from "../kit/problem.ts";
import type { Rejection } from "../release/commands.ts";
import { policyProblems } from "./check.ts";
import type { PolicyCommand } from "./commands.ts";
import type { PolicyEvent } from "./events.ts";
import { GOVERNANCE } from "./schema.ts";
import type { PolicyState } from "./state.ts";

export type PolicyDecision =
  | { readonly ok: true; readonly events: readonly PolicyEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** Takes the policy out of force: from then on plans are taken as they are. What was submitted under it keeps it. */
function withdraw({ current }: PolicyState): PolicyDecision {
  if (current === undefined) {
    return refuse("conflict", "policy.none", "no policy is in force; there is nothing to take out of it");
  }
  return { ok: true, events: [{ type: "PolicyWithdrawn", digest: current.digest }] };
}

/** Puts a policy in force for whatever is submitted from then on. The one that is in force already changes nothing. */
export function decidePolicy(
  state: PolicyState,
  { actor, reason }: { readonly actor: Actor; readonly reason?: string | undefined },
  wish: PolicyCommand,
): PolicyDecision {
  if (!hasRole(actor, GOVERNANCE)) {
    return refuse("forbidden", "policy.not-your-role", `the policy is for ${GOVERNANCE} to change`);
  }
  if (reason === undefined || reason.trim() === "") {
    return refuse("invalid", "policy.no-reason", "a change of the policy has to say why: give a reason");
  }
  if (wish.type === "WithdrawPolicy") return withdraw(state);
  const { policy } = wish;
  const problems = policyProblems(policy);
  if (hasErrors(problems)) {
    const [first] = problems;
    return refuse(
      "invalid",
      "policy.unsatisfiable",
      `${first?.message}${first?.fix === undefined ? "" : `; ${first.fix}`}`,
    );
  }
  const digest = digestOf(policy);
  const before = state.current?.digest;
  if (before === digest) return { ok: true, events: [] };
  const replaced = before === undefined ? {} : { before };
  return { ok: true, events: [{ type: "PolicySet", digest, policy, ...replaced }] };
}

function refuse(kind: Rejection["kind"], code: string, message: string): PolicyDecision {
  return { ok: false, rejection: { kind, code, message } };
}
