import { inForce } from "../approval/standing.ts";
import { changeClassOf } from "../change/schema.ts";
import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";

/** Fewer members of the board than these open no exception. */
export const BOARD_QUORUM = 2;

/**
 * Whether this is a SEV-1 hotfix that two different members of the governance board have let through, and
 * whose approvals hold at `now`: what a freeze makes an exception for (S8).
 */
export function isApprovedHotfix(plan: Plan, state: ReleaseState, now: Instant): boolean {
  const { hotfix } = plan;
  if (changeClassOf(plan) !== "emergency" || hotfix?.severity !== "SEV-1") return false;
  const members = inForce(state, now).filter((one) => (one.as ?? one.role) === hotfix.board);
  return new Set(members.map(({ by }) => by)).size >= BOARD_QUORUM;
}
