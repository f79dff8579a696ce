import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";

export const PERIODS = ["day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

const DAY = 86_400_000;

/** The moment at which the period begins that an instant is in. All in UTC: no clock is ever put back. */
export function periodStart(at: Instant, by: Period): Instant {
  const millis = toMillis(at);
  const midnight = millis - (((millis % DAY) + DAY) % DAY);
  switch (by) {
    case "day":
      return fromMillis(midnight);
    case "week": {
      // Weeks begin on Monday, as in ISO 8601.
      const weekday = (new Date(midnight).getUTCDay() + 6) % 7;
      return fromMillis(midnight - weekday * DAY);
    }
    case "month": {
      const date = new Date(midnight);
      return fromMillis(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
    }
  }
}

/** The moment at which the next period begins. */
export function nextPeriod(start: Instant, by: Period): Instant {
  const millis = toMillis(start);
  if (by === "day") return fromMillis(millis + DAY);
  if (by === "week") return fromMillis(millis + 7 * DAY);
  const date = new Date(millis);
  return fromMillis(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
}

/** Every period that has a part between two moments, the last one exclusive. */
export function periodsBetween(from: Instant, to: Instant, by: Period): { from: Instant; to: Instant }[] {
  const periods: { from: Instant; to: Instant }[] = [];
  let start = periodStart(from, by);
  while (start < to) {
    const end = nextPeriod(start, by);
    periods.push({ from: start, to: end });
    start = end;
  }
  return periods;
}
