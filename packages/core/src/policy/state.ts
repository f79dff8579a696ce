import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { Policy } from "./schema.ts";

export interface PolicyState {
  /** The one in force; none until one is set. */
  readonly current?: { readonly digest: Digest; readonly policy: Policy };
  /** Every one that was set, the latest last; the oldest are in the log only. */
  readonly history: readonly PolicyVersion[];
}

export interface PolicyVersion {
  readonly digest: Digest;
  readonly name: string;
  readonly at: Instant;
  readonly by: string;
  readonly reason: string;
  /** Taken out of force, by whom and why; unset for one that another took the place of. */
  readonly withdrawn?: { readonly at: Instant; readonly by: string; readonly reason: string };
}

export const NO_POLICY: PolicyState = { history: [] };
