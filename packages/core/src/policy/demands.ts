import { type ChangeClass, changeClassOf } from "../change/schema.ts";
import type { Plan } from "../plan/schema.ts";
import type { Demands, Policy } from "./schema.ts";

const CLASSES: readonly ChangeClass[] = ["standard", "elevated", "emergency"];

/** What a policy demands of a plan; undefined where it says nothing of its environment. */
export function demandsOn(policy: Policy, plan: Plan, isFrozen: boolean): Demands | undefined {
  const named = policy.environments.find(({ name }) => isSame(name, plan.environment));
  const found = named ?? policy.environments.find(({ name }) => name === "*");
  if (found === undefined) return undefined;
  const change = changeClassOf(plan);
  const parts = [found.all, found[change], ...(isFrozen && change !== "emergency" ? [found.inFreeze] : [])];
  return parts.reduce(together);
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Lists add up; of single values the later part's stands. */
export function together(first: Demands, then: Demands): Demands {
  const said = Object.fromEntries(Object.entries(then).filter(([, value]) => value !== undefined));
  const others = first.approvals.filter(({ role }) => !then.approvals.some((one) => one.role === role));
  return {
    ...first,
    ...said,
    approvals: [...others, ...then.approvals],
    checks: [...first.checks.filter(({ id }) => !then.checks.some((one) => one.id === id)), ...then.checks],
    obligations: [
      ...first.obligations.filter(({ id }) => !then.obligations.some((one) => one.id === id)),
      ...then.obligations,
    ],
    require: { ...first.require, ...then.require },
  };
}

/** Every set of demands that a policy can make, with the words for it. */
export function everyDemand(
  policy: Policy,
): { environment: string; change: string; index: number; demands: Demands }[] {
  return policy.environments.flatMap((one, index) =>
    CLASSES.flatMap((change) => {
      const plain = together(one.all, one[change]);
      const all = [{ environment: one.name, change: `${change} change`, index, demands: plain }];
      if (change === "emergency") return all;
      const frozen = { change: `${change} change in a freeze`, demands: together(plain, one.inFreeze) };
      return [...all, { environment: one.name, index, ...frozen }];
    }),
  );
}
