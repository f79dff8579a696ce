import type { Instant } from "../kit/instant.ts";
import type { Verdict } from "../metric/judge.ts";

export type HypercareEvent =
  | { readonly type: "HypercareStarted"; readonly until: Instant }
  | { readonly type: "HypercareRoundOpened"; readonly round: number; readonly due: Instant }
  | {
      readonly type: "HypercareChecked";
      readonly round: number;
      readonly check: string;
      readonly verdict: Verdict;
      readonly result: string;
    }
  /** Nobody answered these before the next round, or the end. */
  | { readonly type: "HypercareMissed"; readonly round: number; readonly checks: readonly string[] }
  | {
      readonly type: "HypercareEnded";
      readonly rounds: number;
      readonly passed: number;
      readonly failed: number;
      readonly held: number;
      readonly missed: number;
    };
