import { ms, spoken } from "@gonogo/core/kit/duration";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { offset, spokenOffset } from "@gonogo/core/kit/offset";

/** All times are UTC, as plans and runbooks are kept: `2025-06-04`. */
export function day(at: Instant): string {
  return at.slice(0, 10);
}

/** `02:17:00`. */
export function clock(at: Instant): string {
  return at.slice(11, 19);
}

/** `2025-06-04 02:17:00 UTC`. */
export function stamp(at: Instant): string {
  return `${day(at)} ${clock(at)} UTC`;
}

/** How a moment lies to T, to the second: `T+17 min`. */
export function fromT(t: Instant, at: Instant): string {
  return spokenOffset(offset(Math.round((toMillis(at) - toMillis(t)) / 1000) * 1000));
}

/** How long it is from one moment to a later one, to the second: `13 min`. */
export function between(from: Instant, to: Instant): string {
  return spoken(ms(Math.max(0, Math.round((toMillis(to) - toMillis(from)) / 1000) * 1000)));
}

/** Only the time where the day goes without saying. */
export function near(now: Instant, at: Instant): string {
  return day(now) === day(at) ? clock(at) : `${day(at)} ${clock(at)}`;
}
