import type { Instant } from "../kit/instant.ts";

/** One thing that speaks against the release. */
export interface Cause {
  /** In words: the alarm or condition, and what it says. */
  readonly text: string;
  readonly trigger?: string;
  /** The alarm, as `source:name`; one alarm is one cause, however often it comes. */
  readonly alarm?: string;
  readonly at: Instant;
}

export const ANSWERS = ["rollback", "go-on", "fix-forward"] as const;
export type Answer = (typeof ANSWERS)[number];

export type MatrixEvent =
  /** A further cause of what is being decided, or put back, already. */
  | { readonly type: "CauseAdded"; readonly to: string; readonly cause: Cause; readonly by?: Instant }
  | {
      readonly type: "DecisionVoted";
      readonly decision: string;
      readonly role: string;
      readonly answer: Answer;
    }
  /** Who chose to repair it on the way instead of going back; the reason stands in the record. */
  | {
      readonly type: "FixForwardChosen";
      readonly cause: string;
      readonly owner: string;
      readonly decision?: string;
      readonly trigger?: string;
    };

export interface VoteState {
  readonly answer: Answer;
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
}

/** What was chosen to be repaired on the way. */
export interface FixForward {
  readonly cause: string;
  readonly owner: string;
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
}
