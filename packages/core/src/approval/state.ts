import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";

/** One person's signature under one rule. */
export interface ApprovalState {
  readonly verdict: "given" | "declined" | "expired";
  readonly by: string;
  readonly at: Instant;
  readonly plan: Digest;
  readonly note?: string;
  readonly as?: string;
  readonly for?: string;
  readonly expires?: Instant;
}

/** Somebody's role, lent to somebody else for this release until a moment. */
export interface Delegation {
  readonly role: string;
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
  readonly until: Instant;
  readonly everywhere?: string;
  readonly reason?: string;
}
