import { signersOf } from "../approval/schema.ts";
import { isPartial } from "../approval/standing.ts";
import type { Plan } from "../plan/schema.ts";
import type { Draft } from "../release/draft.ts";
import { hasEnded } from "../release/state.ts";
import type { DelegationsState, LentRole } from "./state.ts";

/** What is lent for all releases, as it was read just now. */
export type SeenDelegations = DelegationsState["open"];

/** The roles that somebody signs or votes as. */
function spokenRoles(plan: Plan): Set<string> {
  return new Set([...plan.approvals.flatMap(signersOf), ...(plan.poll?.roles ?? [])]);
}

/**
 * Writes down what of the deployment's delegations holds for this release, and what no longer does: who may sign
 * for whom can be read out of the release's own log. Whoever has a part in the plan signs for nobody.
 */
export function settleDelegations(draft: Draft, seen: SeenDelegations | undefined): void {
  const { plan, state, now } = draft;
  if (seen === undefined || hasEnded(state.status)) return;
  const roles = spokenRoles(plan);
  const isMeant = ({ role, from, to, since, until }: LentRole) =>
    since <= now &&
    now < until &&
    roles.has(role) &&
    isPartial(plan, state, from) === undefined &&
    isPartial(plan, state, to) === undefined;
  const holds = seen.filter(isMeant);
  for (const { everywhere, role, from, to, until } of state.delegations ?? []) {
    if (everywhere === undefined || until <= now || holds.some(({ id }) => id === everywhere)) continue;
    draft.emit({ type: "DelegationEnded", role, from, to, everywhere });
  }
  for (const { id, role, from, to, until } of holds) {
    if (draft.state.delegations?.some(({ everywhere }) => everywhere === id) === true) continue;
    draft.emit({ type: "RoleDelegated", role, from, to, until, everywhere: id });
  }
}
