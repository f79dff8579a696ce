import { z } from "zod";
import { type Digest, digestOf } from "../kit/digest.ts";
import type { Problem } from "../kit/problem.ts";
import { checkPlan } from "../plan/check.ts";
import type { Plan } from "../plan/schema.ts";
import { Amended } from "./amended.ts";
import { demandApprovals, demandPeople } from "./demand-approvals.ts";
import { demandChecks, demandPoll } from "./demand-gates.ts";
import { demandHotfix } from "./demand-hotfix.ts";
import { demandTimes } from "./demand-times.ts";
import { demandsOn } from "./demands.ts";
import { demandParts } from "./require.ts";
import type { Policy } from "./schema.ts";

/** What is known besides plan and policy. */
export interface Governing {
  /** Who submits the plan, where that is known. */
  readonly requester?: string | undefined;
  /** Whether it is to run while a freeze holds. */
  readonly isFrozen?: boolean;
}

/** Whose acts of closing a policy demands: a plan's list of roles is given those. */
const DemandedActs = z.array(z.object({ owner: z.string() }));

export interface Governed {
  /** The plan with what the policy fills in; present only when nothing in it is weaker. */
  readonly plan?: Plan;
  /** Each names its place in the plan and what to write there. */
  readonly problems: readonly Problem[];
}

export function policyDigest(policy: Policy): Digest {
  return digestOf(policy);
}

/**
 * Holds a plan against a policy: fills in what it leaves out and refuses what is weaker. The same plan and
 * policy always give the same plan, and governing that again changes nothing. What is approved is the
 * governed plan.
 */
export function govern(plan: Plan, policy: Policy, around: Governing = {}): Governed {
  const demands = demandsOn(policy, plan, around.isFrozen ?? false);
  if (demands === undefined) {
    const known = policy.environments.map(({ name }) => name).join(", ");
    const problem: Problem = {
      code: "policy.unknown-environment",
      severity: "error",
      message: `the policy says nothing of ${plan.environment}; it knows ${known}`,
      fix: 'write one of these, or let the policy have an environment "*"',
      pointer: "/environment",
    };
    return { problems: [problem] };
  }
  const amended = new Amended(plan);
  demandHotfix(amended, demands);
  demandApprovals(amended, demands);
  demandChecks(amended, demands);
  demandPoll(amended, demands);
  demandTimes(amended, demands);
  demandParts(amended, demands.require);
  const { data: acts = [] } = DemandedActs.safeParse(demands.require.closing);
  amended.needsRole(...acts.map(({ owner }) => owner));
  demandPeople(amended, policy, around.requester);
  if (amended.problems.length > 0) return { problems: amended.problems };
  const read = checkPlan(amended.withRoles());
  return read.plan === undefined
    ? { problems: read.problems.map((one) => ({ ...one, code: one.code.replace(/^plan\./, "policy.") })) }
    : { plan: read.plan, problems: [] };
}
