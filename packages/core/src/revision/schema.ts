import type { Digest } from "../kit/digest.ts";
import type { Plan } from "../plan/schema.ts";

/** Asks to put another plan in the place of a release's, before its start. */
export interface Revise {
  readonly type: "Revise";
  readonly plan: Plan;
  /** The digest of the plan that was read: nobody writes over what somebody else has changed meanwhile. */
  readonly from: string;
  /** The policy that the new plan was held against and filled in from. */
  readonly policy?: Digest;
}

/** A release that is revised more often than this is another release. */
export const MOST_REVISIONS = 50;
