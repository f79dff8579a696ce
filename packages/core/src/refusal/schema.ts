import type { Instant } from "../kit/instant.ts";

/** A request that was refused: who asked for what, from where. Never what they proved themselves with (S16). */
export interface Refused {
  readonly status: 401 | 403 | 429;
  readonly code: string;
  /** The method and the path as the reference has it, so that it says nothing of its own. */
  readonly route: string;
  /** Who it was, or would have been; unset where nobody is known. */
  readonly who?: string;
  readonly network: string;
}

/** Refusals of a day that are the same but for their time, counted. */
export interface RefusalEntry extends Refused {
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
}

/** So many kinds are told apart on a day; of whoever is nobody, what is beyond is counted by its code alone. */
export const MOST_KINDS = 500;

/** How long they are kept. Days. */
export const KEPT_DAYS = 90;

/** The day, in UTC, that a refusal is counted on: `2026-03-01`. */
export function dayOf(now: Instant): string {
  return now.slice(0, 10);
}

/** By what refusals are the same: for those who are known wherever they are, for others by where they are. */
export function kindOf({ status, code, route, who, network }: Refused): string {
  return [status, code, route, who === undefined ? `from ${network}` : `by ${who}`].join(" ");
}

/** What stands for all kinds that are not told apart any more. */
export function foldedOf({ status, code }: Refused): Refused {
  return { status, code, route: "any", network: "many" };
}
