import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import type { Probe } from "./schema.ts";

/** What a probe saw. It is an event's, so it holds no secret, no query of a URL and no name of a person. */
export interface Saw {
  /** The system and the place in it, such as `GitHub acme/shop@1f3c9a2`. */
  readonly source: string;
  /** In a sentence that a person can act on. */
  readonly detail: string;
  readonly value?: string;
  /** Of the evidence, not of the look: when the backup was made, when the rehearsal ended. */
  readonly at?: Instant;
  readonly age?: Duration;
  readonly digest?: string;
  /** When the evidence itself will no longer do, as far as that is known. */
  readonly until?: Instant;
}

/** `unknown`: it could not be looked at, which is no yes. */
export type Answered = "yes" | "no" | "unknown";

export interface Look {
  readonly answer: Answered;
  readonly saw: Saw;
}

export interface ProbeAnswer extends Look {
  readonly check: string;
}

export interface LookRequest<P extends Probe = Probe> {
  readonly probe: P;
  readonly plan: Plan;
  readonly state: ReleaseState;
  readonly now: Instant;
}

/** Looks at whether something outside is as a check wants it. Never throws what it can say instead. */
export interface CheckProbe<P extends Probe = Probe> {
  look(request: LookRequest<P>): Promise<Look>;
}
