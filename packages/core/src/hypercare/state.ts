import type { Instant } from "../kit/instant.ts";
import type { Verdict } from "../metric/judge.ts";

export interface HypercareState {
  readonly startedAt: Instant;
  readonly until: Instant;
  /** The round that is open, or was last; 0 before the first. */
  readonly round: number;
  /** The last result of each check. */
  readonly results: Readonly<
    Record<
      string,
      {
        readonly round: number;
        readonly verdict: Verdict;
        readonly result: string;
        readonly at: Instant;
        readonly by: string;
      }
    >
  >;
  readonly passed: number;
  readonly failed: number;
  readonly held: number;
  readonly missed: number;
  readonly endedAt?: Instant;
}
