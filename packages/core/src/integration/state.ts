import { minutes } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import type { Hop } from "./events.ts";

/** The newest test of an integration. */
export interface IntegrationTest {
  readonly test: string;
  readonly askedAt: Instant;
  readonly status: "waiting" | "passed" | "failed";
  readonly hops: readonly Hop[];
  readonly endedAt?: Instant;
  readonly detail?: string;
}

export interface IntegrationState {
  /** How many tests there ever were: the next one's number. */
  readonly asked: number;
  readonly tests: Readonly<Record<string, IntegrationTest>>;
}

export const NO_TESTS: IntegrationState = { asked: 0, tests: {} };

/** A test of which nothing was heard for so long is lost. */
export const LOST_AFTER = minutes(3);
/** So many integrations are remembered, those tested last. */
export const MOST_REMEMBERED = 100;
