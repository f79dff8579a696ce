import type { Component, Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import type { LambdaQuota, SeenQuota } from "./schema.ts";

/** So full the store of an account's code may be. Beyond, there may soon be no room for the version that mends. */
const FULL_PERCENT = 95;

/**
 * What speaks against a release in the quotas of its targets: less than there was when it was approved, or less than
 * its plan asks for. What could not be read for a passing fault is as it was found before, where that is known.
 */
export function quotaProblems(
  plan: Plan,
  state: ReleaseState,
  seen: readonly SeenQuota[],
  before: readonly string[] = [],
): string[] {
  const problems = seen.flatMap(({ component: id, answer }) => {
    const component = plan.components.find((one) => one.id === id);
    const approved = state.quotas?.seen[id];
    if (component === undefined) return [];
    if (answer.kind === "read") return problemsOf(plan, component, approved, answer.quota);
    const isKnown = approved !== undefined || minimumOf(component) !== undefined;
    if (answer.kind === "away") {
      const scopes = [ofComponent(id), ofAccount(component)];
      return before.filter((problem) => scopes.some((scope) => problem.startsWith(scope)));
    }
    const rights = "lambda:GetAccountSettings and lambda:GetFunctionConcurrency";
    return isKnown ? [`${ofComponent(id)}it cannot be read (${answer.why}); the role takes ${rights}`] : [];
  });
  return [...new Set(problems)];
}

/** Quotas that have to be known for the start and could not be read just now. */
export function unreadQuotas(plan: Plan, state: ReleaseState, seen: readonly SeenQuota[]): string[] {
  return seen.flatMap(({ component: id, answer }) => {
    const component = plan.components.find((one) => one.id === id);
    const isKnown = state.quotas?.seen[id] !== undefined || minimumOf(component) !== undefined;
    return answer.kind === "away" && isKnown ? [`${ofComponent(id)}it could not be read: ${answer.why}`] : [];
  });
}

function problemsOf(
  plan: Plan,
  component: Component,
  approved: LambdaQuota | undefined,
  now: LambdaQuota,
): string[] {
  const account = ofAccount(component);
  const own = ofComponent(component.id);
  const when = plan.approvals.length === 0 ? "when it was submitted" : "when approved";
  const again =
    plan.approvals.length === 0
      ? "raise it again, or revise the plan"
      : "raise it again, or withdraw an approval and approve anew with what there is";
  const found: string[] = [];
  const fell = (scope: string, what: string, was: number | undefined, is: number) => {
    if (was !== undefined && is < was)
      found.push(`${scope}${what} was ${was} ${when}, it is ${is} now; ${again}`);
  };
  fell(account, "concurrency", approved?.account, now.account);
  // What others reserve is taken from what is left for all that reserve nothing.
  if (now.reserved === undefined && approved?.reserved === undefined) {
    fell(account, "unreserved concurrency", approved?.unreserved, now.unreserved);
  } else fell(own, "concurrency", leftFor(approved), leftFor(now) ?? 0);
  const minimum = minimumOf(component);
  const left = leftFor(now) ?? 0;
  if (minimum !== undefined && left < minimum) {
    const whose = now.reserved === undefined ? "left unreserved in its account" : "reserved for it";
    found.push(`${own}concurrency is ${left} (${whose}), and the plan asks for ${minimum} (minConcurrency)`);
  }
  const full = fullPercent(now);
  if (approved !== undefined && full >= FULL_PERCENT && fullPercent(approved) < FULL_PERCENT) {
    found.push(
      `${account}the store of code was ${fullPercent(approved)} % full ${when}, it is ${full} % now; delete versions that nobody needs, or have it raised`,
    );
  }
  return found;
}

/** What a function may run at once: what is reserved for it, or what is reserved for none. */
function leftFor(quota: LambdaQuota | undefined): number | undefined {
  return quota?.reserved ?? quota?.unreserved;
}

function fullPercent({ codeBytes = 0, codeLimit = Number.POSITIVE_INFINITY }: LambdaQuota): number {
  return Math.floor((codeBytes / codeLimit) * 100);
}

function minimumOf(component: Component | undefined): number | undefined {
  return component?.target.kind === "lambda-alias" ? component.target.minConcurrency : undefined;
}

function ofComponent(id: string): string {
  return `quota of ${id}: `;
}

function ofAccount({ target }: Component): string {
  const { account, region } =
    target.kind === "lambda-alias" ? target : { account: undefined, region: undefined };
  return `quota of ${account === undefined ? "the account" : `the account ${account}`}${region === undefined ? "" : ` in ${region}`}: `;
}
