import { type ApprovalRule, signersOf } from "../approval/schema.ts";
import { canBeSatisfied } from "../authority/authority.ts";
import { spoken, toMs } from "../kit/duration.ts";
import { oneOf } from "../kit/text.ts";
import type { Amended } from "./amended.ts";
import type { Demands, Policy } from "./schema.ts";

/** Every signature that is asked for is in the plan, by as many, for no longer, and by nobody else instead. */
export function demandApprovals(amended: Amended, demands: Demands): void {
  const { approvals } = amended.plan;
  const rules = approvals.map((rule, index) => {
    const demanded = demands.approvals.find(({ role }) => role === rule.role);
    return demanded === undefined
      ? bounded(amended, rule, index, demands)
      : joined(amended, rule, demanded, index, demands);
  });
  const missing = demands.approvals.filter(({ role }) => !approvals.some((rule) => rule.role === role));
  const added = missing.map((rule) => bounded(amended, rule, approvals.length, demands));
  for (const rule of added) amended.needsRole(...signersOf(rule));
  amended.set({ approvals: [...rules, ...added] });
}

function joined(
  amended: Amended,
  rule: ApprovalRule,
  demanded: ApprovalRule,
  index: number,
  demands: Demands,
): ApprovalRule {
  const { role } = rule;
  const count = demanded.count ?? 1;
  if (rule.count !== undefined && rule.count < count) {
    const message = `${count} people sign as ${role}, not ${rule.count}`;
    amended.weaker("approval-count", ["approvals", index, "count"], message, `write count: ${count}`);
  }
  const strange = (rule.or ?? []).filter((one) => !signersOf(demanded).includes(one));
  if (strange.length > 0) {
    const message = `nobody signs as ${oneOf(strange)} in place of ${role}`;
    amended.weaker("approval-or", ["approvals", index, "or"], message, `take ${oneOf(strange, "and")} out`);
  }
  const after = [...new Set([...(rule.after ?? []), ...(demanded.after ?? [])])];
  const least = Math.max(rule.count ?? 1, count);
  const both: ApprovalRule = {
    ...rule,
    ...(rule.or === undefined && demanded.or !== undefined ? { or: demanded.or } : {}),
    ...(least > 1 ? { count: least } : {}),
    ...(after.length > 0 ? { after } : {}),
  };
  return bounded(amended, both, index, { ...demands, expires: demanded.expires ?? demands.expires });
}

/** A signature that holds no longer than the policy lets it. */
function bounded(
  amended: Amended,
  rule: ApprovalRule,
  index: number,
  { expires }: Pick<Demands, "expires">,
): ApprovalRule {
  if (expires === undefined) return rule;
  if (rule.expires === undefined) return { ...rule, expires };
  if (toMs(rule.expires) > toMs(expires)) {
    const message = `what is signed as ${rule.role} holds for ${spoken(expires)}, not ${spoken(rule.expires)}`;
    amended.weaker(
      "approval-expires",
      ["approvals", index, "expires"],
      message,
      `write expires: ${spoken(expires)}`,
    );
  }
  return rule;
}

/** Where the policy lists people: that enough of them are left, without who submits it and who wrote it. */
export function demandPeople(amended: Amended, { people }: Policy, requester: string | undefined): void {
  if (people === undefined || amended.problems.length > 0) return;
  const { approvals, authors } = amended.plan;
  const result = canBeSatisfied(approvals, people, requester, authors);
  if (result.ok) return;
  const index = approvals.findIndex(({ role }) => role === result.role);
  amended.problems.push({
    code: "policy.approvals-unsatisfiable",
    severity: "error",
    message: `of the people that the policy lists nobody is left who could approve as ${result.role}; one person counts once, and not for what they submit or wrote`,
    fix: `let somebody else submit it, or let Governance list another person for ${result.role}`,
    pointer: `/approvals/${index}/role`,
  });
}
