import { type Duration, minutes, toMs } from "../kit/duration.ts";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";

/** How often something may fail in a window of fixed length; the next window begins from nothing. */
export interface Limit {
  readonly most: number;
  readonly length: Duration;
}

/** Wrong keys, codes or signatures from one source. */
export const GUESSES: Limit = { most: 20, length: minutes(5) };
/** The same of all who come by one connection, whatever they say of where they are. */
export const GUESSES_BY_ONE_WAY: Limit = { most: 1_000, length: minutes(5) };

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** The window that a moment is in. Windows are cut from 1970 on, so that every process cuts them alike. */
export function windowAt(now: Instant, { length }: Limit): Window {
  const size = toMs(length);
  const from = Math.floor(toMillis(now) / size) * size;
  return { from: fromMillis(from), to: fromMillis(from + size) };
}

/** Whether no more is taken after so many failures. */
export function isOver(failures: number, { most }: Limit): boolean {
  return failures >= most;
}

/** In whole seconds, at least one: as `Retry-After` has it (RFC 9110 10.2.3). */
export function secondsUntil(end: Instant, now: Instant): number {
  return Math.max(1, Math.ceil((toMillis(end) - toMillis(now)) / 1000));
}
