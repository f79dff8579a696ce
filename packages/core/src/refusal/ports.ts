import type { Instant } from "../kit/instant.ts";
import type { Window } from "./limit.ts";
import type { RefusalEntry, Refused } from "./schema.ts";

/** Where failures are counted, and refusals are kept. Neither is the log: they are bounded, and go by themselves. */
export interface Guard {
  /** How often something has failed in a window, as far as is known. */
  failures(what: string, window: Window): Promise<number>;
  /** Counts one more, and says how many there are now. */
  countFailure(what: string, window: Window): Promise<number>;
  /** When something was seen first: now, where it never was. */
  firstSeen(what: string, now: Instant): Promise<Instant>;
  noteRefusal(refused: Refused, at: Instant): Promise<void>;
  /** Of a day, in UTC. */
  refusals(day: string): Promise<readonly RefusalEntry[]>;
}
