import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { PlanChange } from "../plan/difference.ts";

/** What was given on the plan before, and counts no more. */
export interface Voided {
  readonly approvals: readonly { readonly role: string; readonly by: string }[];
  /** Answers of people to lines of the checklist, by the line. */
  readonly checks: readonly string[];
  /** Lines whose probe is asked again, or that were stepped over. */
  readonly probes: readonly string[];
  /** Approvals of steps from which there is no way back. */
  readonly steps: readonly { readonly step: string; readonly role: string; readonly by: string }[];
  readonly votes: readonly { readonly role: string; readonly by: string }[];
}

/** The plan of a release that has not started was changed: what was said of the one before falls. */
export interface PlanRevised {
  readonly type: "PlanRevised";
  readonly revision: number;
  readonly plan: Digest;
  /** The plan that it takes the place of, and whether everybody who is asked had approved that one. */
  readonly before: Digest;
  readonly approved: boolean;
  readonly title: string;
  readonly plannedT: Instant;
  /** The policy that it was held against; none where none was. */
  readonly policy?: Digest;
  /** What differs, without what may name people; `more` are left out. */
  readonly changes: readonly PlanChange[];
  readonly more?: number;
  readonly voided: Voided;
  /** Who wrote the one before and is not named any more: they approve nothing of this release all the same. */
  readonly authors?: readonly string[];
}
export type RevisionEvent = PlanRevised;
