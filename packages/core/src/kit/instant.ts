import { type Duration, ms, toMs } from "./duration.ts";
import { plain } from "./text.ts";

declare const brand: unique symbol;

/**
 * A moment in UTC, always spelt `2025-06-04T02:00:00.000Z`, so that text order is time order.
 * (Temporal is not in Node 24; this is the strict type that stands in its place.)
 */
export type Instant = string & { readonly [brand]: "Instant" };

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;

export const INSTANT_FORMS = "a time such as 2025-06-04 02:00 (UTC) or 2025-06-04T02:00:00Z";

/**
 * Reads ISO 8601 and the plainer `2025-06-04 02:00`. Without a zone it is UTC, since plans and runbooks
 * are kept in UTC. Undefined when it is no time, or no such day.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = FORM.exec(plain(text).trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = match;
  const millis = `${fraction}000`.slice(0, 3);
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : "Z";
  const parsed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${offset}`);
  if (Number.isNaN(parsed)) return undefined;
  // Date.parse takes 31 April for 1 May; a plan that says so has a mistake in it.
  const civil = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return new Date(civil).getUTCDate() === Number(day) ? fromMillis(parsed) : undefined;
}

export function fromMillis(millis: number): Instant {
  return new Date(millis).toISOString() as Instant;
}

export function toMillis(instant: Instant): number {
  return Date.parse(instant);
}

/** For people: `2025-06-04 02:17:00 UTC`. */
export function stamped(at: Instant): string {
  return `${at.slice(0, 19).replace("T", " ")} UTC`;
}

export function plus(instant: Instant, duration: Duration): Instant {
  return fromMillis(toMillis(instant) + toMs(duration));
}

export function minus(instant: Instant, duration: Duration): Instant {
  return fromMillis(toMillis(instant) - toMs(duration));
}

/** How long after `earlier` the moment `later` is; zero when it is not after. */
export function since(earlier: Instant, later: Instant): Duration {
  return ms(Math.max(0, toMillis(later) - toMillis(earlier)));
}

export function latest(first: Instant, ...others: Instant[]): Instant {
  return others.reduce((max, one) => (one > max ? one : max), first);
}

export function earliest(first: Instant, ...others: Instant[]): Instant {
  return others.reduce((min, one) => (one < min ? one : min), first);
}
