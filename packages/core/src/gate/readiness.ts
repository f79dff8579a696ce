import { canonicalJson, type Digest } from "../kit/digest.ts";
import { hours } from "../kit/duration.ts";
import { type Instant, minus } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import type { Plan } from "../plan/schema.ts";
import { approvedAt } from "../quota/decide.ts";
import { quotaProblems } from "../quota/problems.ts";
import type { SeenQuota } from "../quota/schema.ts";
import type { Draft } from "../release/draft.ts";
import { startsAt } from "../release/start-time.ts";
import type { ReleaseState } from "../release/state.ts";
import { isUnresolved } from "../signal/tagged.ts";

/** What was found of a release that waits for its start: what it rests on, and no longer holds. */
export interface SeenReadiness {
  /** The plan that was looked at. */
  readonly plan?: Digest;
  readonly problems: readonly string[];
}

export type ReadinessEvent =
  /** What was green is not any more: the gates close. */
  | { readonly type: "ReadinessLost"; readonly problems: readonly string[] }
  | { readonly type: "ReadinessRegained" };

export interface ReadinessOfRelease {
  readonly readiness?: { readonly problems: readonly string[]; readonly since: Instant };
}

/** Before its start a release is looked at again and again for so long. */
export const LOOKED_AT = hours(3);

/** Whether what a release rests on is to be looked at: in the last hours before its start, and while it is lost. */
export function isLookedAt(plan: Plan, state: ReleaseState, now: Instant): boolean {
  if (state.readiness !== undefined || isUnresolved(plan, state)) {
    return state.status === "gates" || state.status === "ready";
  }
  const starts = startsAt({ plan, state });
  return state.status === "ready" && starts !== undefined && now >= minus(starts, LOOKED_AT);
}

export function readinessBlockers(state: ReleaseState): string[] {
  return [...(state.readiness?.problems ?? [])];
}

/** Writes down what no longer holds, and what holds again, and says so to people. */
export function settleReadiness(
  draft: Draft,
  seen: SeenReadiness | undefined,
  quotas: readonly SeenQuota[] | undefined,
): void {
  const { plan, state, now } = draft;
  const isWaiting = isLookedAt(plan, state, now);
  // Quotas are looked at once more as soon as it is approved, when nothing has been lost yet.
  if (isWaiting ? seen === undefined : quotas === undefined || approvedAt(plan, state, now) === undefined)
    return;
  if (isWaiting && seen?.plan !== undefined && seen.plan !== state.plan) return;
  const own = quotaProblems(plan, state, quotas ?? [], readinessBlockers(state));
  const problems = [...((isWaiting ? seen?.problems : undefined) ?? []), ...own];
  if (canonicalJson(problems) === canonicalJson(readinessBlockers(state))) return;
  if (problems.length === 0) {
    draft.emit({ type: "ReadinessRegained" });
    tell(draft, `ready-again-${now}`, "status", "what it rests on is well again");
    return;
  }
  draft.emit({ type: "ReadinessLost", problems });
  tell(draft, `not-ready-${now}`, "page", `is no longer ready: ${problems.join("; ")}`);
}

export function evolveReadiness(state: ReleaseState, event: ReadinessEvent, at: Instant): ReleaseState {
  if (event.type === "ReadinessLost") {
    return { ...state, readiness: { problems: event.problems, since: state.readiness?.since ?? at } };
  }
  const { readiness: _, ...rest } = state;
  return rest;
}
