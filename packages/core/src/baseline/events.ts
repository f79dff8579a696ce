import type { Instant } from "../kit/instant.ts";
import type { Reading } from "../metric/judge.ts";

export type BaselineEvent =
  | {
      readonly type: "BaselineTaken";
      readonly from: Instant;
      readonly to: Instant;
      readonly readings: readonly Reading[];
      /** What could not be read, where the plan says to start without it. */
      readonly unread: readonly Unread[];
    }
  | {
      readonly type: "BaselineVerified";
      /** Which rollback. */
      readonly n: number;
      readonly results: readonly Restored[];
      /** All are back, or the time is over: no more is compared. */
      readonly done: boolean;
    };

export interface Unread {
  readonly metric: string;
  readonly why: string;
}

/** Whether a metric is back where it was before the release. */
export interface Restored {
  readonly metric: string;
  readonly verdict: "back" | "off" | "unknown";
  readonly why: string;
}

export interface BaselineState {
  readonly takenAt: Instant;
  readonly from: Instant;
  readonly to: Instant;
  readonly readings: Readonly<Record<string, Reading>>;
  readonly unread: readonly Unread[];
}

/** The comparison after a rollback. It says how things are; it never keeps traffic from going back. */
export interface Verification {
  readonly until: Instant;
  readonly results: readonly Restored[];
  readonly endedAt?: Instant;
}
