import { approvalBlockers, inForce } from "../approval/standing.ts";
import { type Instant, latest } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { Draft } from "../release/draft.ts";
import type { ReleaseState } from "../release/state.ts";
import type { LambdaQuota, SeenQuota } from "./schema.ts";

/**
 * Since when the release stands approved as it is; undefined while it is not, or where nothing of it has quotas.
 * A plan that asks nobody is as good as approved when it is submitted.
 */
export function approvedAt(plan: Plan, state: ReleaseState, now: Instant): Instant | undefined {
  if (state.status !== "gates" && state.status !== "ready") return undefined;
  if (!plan.components.some(({ target }) => target.kind === "lambda-alias")) return undefined;
  if (approvalBlockers(plan, state, now).length > 0) return undefined;
  const revised = state.revisions?.at(-1)?.at ?? state.submittedAt;
  return latest(revised, ...inForce(state, now).map(({ at }) => at));
}

/** Whether what there was at the approval is still to be read: it is the first look at it, or was approved anew. */
export function wantsQuotas(plan: Plan, state: ReleaseState, now: Instant): boolean {
  const approved = approvedAt(plan, state, now);
  return approved !== undefined && (state.quotas === undefined || state.quotas.at < approved);
}

/** Keeps what there was when the release was approved; of what could not be read then, the first that can. */
export function settleQuotas(draft: Draft, seen: readonly SeenQuota[] | undefined): void {
  const { plan, state, now } = draft;
  if (seen === undefined || approvedAt(plan, state, now) === undefined) return;
  const isNew = wantsQuotas(plan, state, now);
  const kept = isNew ? {} : (state.quotas?.seen ?? {});
  const read = Object.fromEntries(
    seen.flatMap(({ component, answer }): [string, LambdaQuota][] =>
      answer.kind === "read" && kept[component] === undefined ? [[component, answer.quota]] : [],
    ),
  );
  if (Object.keys(read).length > 0) draft.emit({ type: "QuotasSeen", quotas: { ...kept, ...read } });
}
