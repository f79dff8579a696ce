import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import type { RevisionState } from "./state.ts";

/** Whether somebody has changed the plan of this release. They approve nothing of it any more. */
export function hasRevised(state: ReleaseState, who: string): boolean {
  return (state.revisions ?? []).some(({ by }) => by === who);
}

/** The number of the newest earlier revision that everybody who is asked had approved. */
export function lastApproved(state: ReleaseState): number | undefined {
  const after = (state.revisions ?? []).findLast(({ approved }) => approved);
  return after === undefined ? undefined : after.n - 1;
}

/** The revision that a signature or an answer was made void by, in words. */
export function voidedBy({ n }: Pick<RevisionState, "n">): string {
  return `it was given on revision ${n - 1} of the plan; revision ${n} took its place`;
}

/** What is released and how: an answer about it says nothing of another. */
const ABOUT = ["components", "commit", "steps", "rollback", "triggers"] as const;

/**
 * The lines whose answer by a person falls with a revision: those that read otherwise now, and all of them
 * where what is released, or how, is another. What only concerns the time, the people or the words leaves an
 * answer as it was.
 */
export function boundChecks(before: Plan, after: Plan): string[] {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const isAll = ABOUT.some((field) => !same(before[field], after[field]));
  return before.checklist
    .filter(
      (check) =>
        isAll ||
        !same(
          check,
          after.checklist.find(({ id }) => id === check.id),
        ),
    )
    .map(({ id }) => id);
}
