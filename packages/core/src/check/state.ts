import type { Instant } from "../kit/instant.ts";
import type { Answered, Saw } from "./port.ts";

/** What a probe said last. */
export interface ProbeState {
  readonly answer: Answered;
  readonly saw: Saw;
  readonly askedAt: Instant;
  readonly expires: Instant;
  /** Since when it has said the same. */
  readonly since: Instant;
}

/** A step over a probe's answer; it counts once there is a second person, until the probe says yes. */
export interface OverrideState {
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
  readonly second?: { readonly by: string; readonly at: Instant };
}
