import { signaturesOf } from "../approval/standing.ts";
import { type Instant, toMillis } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";

/**
 * How long the gates waited for each role: from the submission to the last of its answers and approvals, or
 * from the opening of the vote to its vote, whichever is longer. Milliseconds; roles that were not asked or did
 * not answer are left out.
 */
export function gateWaits(plan: Plan, state: ReleaseState): Record<string, number> {
  const waits: Record<string, number> = {};
  const waited = (role: string, since: Instant, until: Instant | undefined): void => {
    if (until === undefined) return;
    waits[role] = Math.max(waits[role] ?? 0, toMillis(until) - toMillis(since));
  };
  for (const { id, role } of plan.checklist) waited(role, state.submittedAt, state.checks[id]?.at);
  for (const { role } of plan.approvals) {
    const given = signaturesOf(state, role).filter(({ verdict }) => verdict === "given");
    waited(
      role,
      state.submittedAt,
      given
        .map(({ at }) => at)
        .toSorted()
        .at(-1),
    );
  }
  for (const [role, vote] of Object.entries(state.poll?.votes ?? {})) {
    waited(role, state.poll?.openedAt ?? vote.at, vote.at);
  }
  return waits;
}
