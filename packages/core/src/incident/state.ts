import type { Instant } from "../kit/instant.ts";

export interface IncidentState {
  readonly id: string;
  readonly openedAt: Instant;
  readonly postmortemDue: Instant;
  readonly cause?: string;
  readonly scope?: readonly string[];
  readonly declared?: true;
  readonly detectedAt?: Instant;
  /** Of one that is mended forward: when a person said that it is. */
  readonly resolvedAt?: Instant;
  readonly how?: string;
}
