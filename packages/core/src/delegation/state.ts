import type { Instant } from "../kit/instant.ts";

/** A role that somebody lends somebody else for every release, for a time. */
export interface LentRole {
  readonly id: string;
  readonly role: string;
  readonly from: string;
  readonly to: string;
  readonly since: Instant;
  readonly until: Instant;
  readonly at: Instant;
  readonly reason: string;
}

export interface DelegationsState {
  /** How many there ever were: the next one's number. */
  readonly count: number;
  /** Those that are not over and not withdrawn, as far as has been written down. */
  readonly open: readonly LentRole[];
}

export const NO_DELEGATIONS: DelegationsState = { count: 0, open: [] };
