import { type Instant, latest } from "../kit/instant.ts";
import { type Owed, openIn, owedIn } from "../obligation/state.ts";
import type { ReleaseState } from "../release/state.ts";

/** What a release cannot be closed without, and is not done. */
export function openRequired(state: ReleaseState): Owed[] {
  return openIn(state).filter(({ closes }) => closes === true);
}

/** When the last of the review and of what is required was done; undefined while something is open. */
export function allClosedAt(state: ReleaseState): Instant | undefined {
  const { signedAt } = state.review;
  if (signedAt === undefined || openRequired(state).length > 0) return undefined;
  const done = owedIn(state).flatMap(({ closes, completedAt }) =>
    closes === true ? (completedAt ?? []) : [],
  );
  return latest(signedAt, ...done);
}
