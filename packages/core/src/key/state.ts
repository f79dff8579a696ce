import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { KeyScope } from "./schema.ts";

/** A key that was made: everything but the key. */
export interface KeyEntry {
  readonly id: string;
  readonly name: string;
  readonly digest: Digest;
  readonly scopes: readonly KeyScope[];
  readonly roles: readonly string[];
  readonly createdAt: Instant;
  readonly by: string;
  readonly reason: string;
  readonly expiresAt: Instant;
  readonly revoked?: { readonly at: Instant; readonly by: string; readonly reason: string };
}

export interface KeyState {
  /** In the order in which they were made. */
  readonly entries: readonly KeyEntry[];
}

export const NO_KEYS: KeyState = { entries: [] };

/** So many may be good at a time, and so many of those that are over are remembered; the log has them all. */
export const MOST_KEYS = 100;

/** Whether a key opens anything at a moment. */
export function isGood({ expiresAt, revoked }: KeyEntry, now: Instant): boolean {
  return revoked === undefined && expiresAt > now;
}
