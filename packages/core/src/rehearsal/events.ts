import type { Duration } from "../kit/duration.ts";

/**
 * `confirmed`: the last phase was reached, and every target was read back on its previous version.
 * `unconfirmed`: something was not. `incomplete`: it was rolled back before, for another reason.
 */
export type RehearsalOutcome = "confirmed" | "unconfirmed" | "incomplete";

export interface RehearsedComponent {
  readonly component: string;
  readonly previous: string;
  readonly next: string;
  /** From the order to roll back until the target was back; absent where it was not put back. */
  readonly back?: Duration;
}

export type RehearsalEvent = {
  readonly type: "RehearsalCompleted";
  /** The release whose way back was tried, and the digest of its plan. */
  readonly of: string;
  readonly plan: string;
  readonly to: string;
  readonly outcome: RehearsalOutcome;
  readonly components: readonly RehearsedComponent[];
  /** From the order to roll back until all of it was verified. */
  readonly took: Duration;
  /** From the start until the order to roll back. */
  readonly forward: Duration;
  /** What was read, a sentence each. */
  readonly verified: readonly string[];
  readonly left: readonly string[];
};
