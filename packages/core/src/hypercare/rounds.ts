import { days, toMs } from "../kit/duration.ts";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import type { HypercareState } from "./state.ts";

const DAY = toMs(days(1));
/** So many rounds are a day apart; those that follow, two. */
const DAILY = 7;

/** When a round is due; undefined for one that would be after the end. */
export function roundAt({ startedAt, until }: HypercareState, round: number): Instant | undefined {
  const day = round <= DAILY ? round : DAILY + 2 * (round - DAILY);
  const due = fromMillis(toMillis(startedAt) + day * DAY);
  return due > until ? undefined : due;
}

/** Whether the care goes on. */
export function isCared(state: ReleaseState): boolean {
  return state.hypercare !== undefined && state.hypercare.endedAt === undefined;
}

/** When the clock has to look: at the next round, and at the end. */
export function hypercareMoments({ hypercare }: ReleaseState): Instant[] {
  if (hypercare === undefined || hypercare.endedAt !== undefined) return [];
  return [roundAt(hypercare, hypercare.round + 1) ?? hypercare.until];
}
