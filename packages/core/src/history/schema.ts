import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";

/** One deployment, or an attempt at one, as the log of deployments has it: one for each release that started. */
export interface DeploymentEntry {
  readonly release: string;
  readonly title: string;
  readonly environment: string;
  /** `rolling-out` until it is rolled out or on its way back. */
  readonly outcome: "rolling-out" | "deployed" | "rolling-back" | "rolled-back" | "rollback-unconfirmed";
  readonly status: string;
  readonly startedAt: Instant;
  readonly rolledOutAt?: Instant;
  readonly endedAt?: Instant;
  /** The digest of what was approved and carried out. */
  readonly plan: string;
  readonly revision: number;
  readonly change?: string;
  readonly changeClass: string;
  readonly components: readonly DeployedComponent[];
  /** Who submitted it: an opaque id; the name belonging to it is kept apart. */
  readonly operator?: string;
  readonly approvals: readonly { readonly role: string; readonly by: string; readonly at: Instant }[];
  readonly validations: { readonly passed: number; readonly failed: number; readonly open: number };
  readonly rollback?: DeployedBack;
}

export interface DeployedComponent {
  readonly id: string;
  readonly name: string;
  readonly target: string;
  readonly previous?: string;
  readonly version?: string;
  /** Of the traffic or the users, when this was written. */
  readonly percent: number;
  readonly commit?: string;
  readonly artifacts?: readonly string[];
  /** The shares that the plan goes through: `10, 50, 100`; one alone is all at once. */
  readonly shares: readonly number[];
  readonly strategy: "all-at-once" | "phased" | "by-hand";
}

export interface DeployedBack {
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly took?: Duration;
  readonly cause: string;
  readonly by: string;
  readonly scope: readonly string[];
  /** What could not be confirmed to be back. */
  readonly left: readonly string[];
  /** Metrics held against what they were before, as far as that has been done: how many are back, and not. */
  readonly metrics?: { readonly back: number; readonly off: number; readonly unknown: number };
}
