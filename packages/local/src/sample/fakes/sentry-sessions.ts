import { fromMillis, type Instant } from "@gonogo/core/kit/instant";
import { type Fake, json } from "./answers.ts";

const HOUR = 3_600_000;

export interface SentryDial {
  readonly crashFreePercent: number;
  readonly sessionsPerHour: number;
}

/**
 * Sentry's session statistics, as far as a crash-free rate goes: whole hours, as Sentry rounds them, each with
 * the rate that the dial says at the moment of asking.
 * https://docs.sentry.io/api/releases/retrieve-release-health-session-statistics
 */
export function fakeSentrySessions(dial: () => SentryDial, now: () => Instant): Fake {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!/^\/api\/0\/organizations\/[^/]+\/sessions\/$/.test(pathname)) {
      return json(404, { detail: "The requested resource does not exist" });
    }
    if (request.headers.get("authorization") === null) {
      return json(401, { detail: "Authentication credentials were not provided." });
    }
    const start = Math.floor(Date.parse(searchParams.get("start") ?? "") / HOUR) * HOUR;
    const end =
      Math.ceil(Math.min(Date.parse(searchParams.get("end") ?? ""), Date.parse(now())) / HOUR) * HOUR;
    if (!Number.isFinite(start) || !Number.isFinite(end)) {
      return json(400, { detail: "start and end are required to be valid dates" });
    }
    const hours = Math.max(1, (end - start) / HOUR);
    const { crashFreePercent, sessionsPerHour } = dial();
    const told = (field: string, hour: number) =>
      field.startsWith("crash_free_rate(") ? crashFreePercent / 100 : sessionsPerHour * hour;
    const fields = searchParams.getAll("field");
    return json(200, {
      start: fromMillis(start),
      end: fromMillis(end),
      intervals: Array.from({ length: hours }, (_, hour) => fromMillis(start + hour * HOUR)),
      groups: [
        {
          by: {},
          totals: Object.fromEntries(fields.map((field) => [field, told(field, hours)])),
          series: Object.fromEntries(
            fields.map((field) => [field, Array.from({ length: hours }, () => told(field, 1))]),
          ),
        },
      ],
    });
  };
}
