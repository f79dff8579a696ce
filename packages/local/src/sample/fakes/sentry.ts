import { createHmac } from "node:crypto";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { type Fake, json } from "./answers.ts";

const HOUR = 3_600_000;

export interface FakeSentryState {
  organization: string;
  /** The API token that is let in. */
  token: string;
  /** The integration's secret, with which webhooks are signed. */
  clientSecret: string;
  sessions: {
    at: Instant;
    project: string;
    release: string;
    total: number;
    crashed: number;
    users: number;
  }[];
}

/** Sentry's sessions API: sums over whole hours, by project and release. */
export function fakeSentry(state: FakeSentryState): Fake {
  return async (request) => {
    const url = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${state.token}`) {
      return json(401, { detail: "Invalid token" });
    }
    if (url.pathname !== `/api/0/organizations/${state.organization}/sessions/`) {
      return json(404, { detail: "The requested resource does not exist" });
    }
    const fields = url.searchParams.getAll("field");
    const unknown = fields.find((field) => rateOf(field, []) === undefined);
    if (fields.length === 0) return json(400, { detail: 'Request is missing a "field"' });
    if (unknown !== undefined) return json(400, { detail: `Invalid field: "${unknown}"` });
    const start = Math.floor(Date.parse(url.searchParams.get("start") ?? "") / HOUR) * HOUR;
    const end = Math.ceil(Date.parse(url.searchParams.get("end") ?? "") / HOUR) * HOUR;
    if (!(start < end)) return json(400, { detail: "start and end are required, in this order" });
    const project = url.searchParams.get("projectSlug");
    const release = /^release:"(.*)"$/.exec(url.searchParams.get("query") ?? "")?.[1];
    const seen = state.sessions.filter(
      (one) =>
        (project === null || one.project === project) &&
        (release === undefined || one.release === release) &&
        toMillis(one.at) >= start &&
        toMillis(one.at) < end,
    );
    const hours = Array.from({ length: (end - start) / HOUR }, (_, index) => start + index * HOUR);
    const within = (hour: number) =>
      seen.filter(({ at }) => toMillis(at) >= hour && toMillis(at) < hour + HOUR);
    const totals = Object.fromEntries(fields.map((field) => [field, rateOf(field, seen)]));
    const series = Object.fromEntries(
      fields.map((field) => [field, hours.map((hour) => rateOf(field, within(hour)))]),
    );
    return json(200, {
      start: fromMillis(start),
      end: fromMillis(end),
      query: url.searchParams.get("query") ?? "",
      intervals: hours.map(fromMillis),
      groups: [{ by: {}, totals, series }],
    });
  };
}

/** Null where there were no sessions to speak of; undefined for a field that there is not. */
function rateOf(field: string, seen: FakeSentryState["sessions"]): number | null | undefined {
  const total = seen.reduce((sum, one) => sum + one.total, 0);
  const crashed = seen.reduce((sum, one) => sum + one.crashed, 0);
  switch (field) {
    case "sum(session)":
      return total;
    case "count_unique(user)":
      return seen.reduce((sum, one) => sum + one.users, 0);
    case "crash_free_rate(session)":
    case "crash_free_rate(user)":
      return total === 0 ? null : 1 - crashed / total;
    case "crash_rate(session)":
    case "crash_rate(user)":
      return total === 0 ? null : crashed / total;
    default:
      return undefined;
  }
}

/** The webhook that Sentry sends when a metric alert changes, signed as it signs. */
export function sentryAlert(
  state: FakeSentryState,
  url: string,
  alert: { rule: string; action: "critical" | "warning" | "resolved"; since: Instant; says: string },
  now: Instant,
): Request {
  const isOver = alert.action === "resolved";
  const body = JSON.stringify({
    action: alert.action,
    actor: { id: "sentry", name: "Sentry", type: "application" },
    data: {
      description_text: alert.says,
      description_title: `${alert.action[0]?.toUpperCase()}${alert.action.slice(1)}: ${alert.rule}`,
      metric_alert: {
        id: "4",
        alert_rule: { id: "7", name: alert.rule, triggers: [{ label: "critical" }] },
        date_started: alert.since,
        date_closed: isOver ? now : null,
        status: isOver ? 2 : 20,
      },
    },
    installation: { uuid: "a8e5d37a-696c-4c54-adb5-b3f28d64c7de" },
  });
  return new Request(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "sentry-hook-resource": "metric_alert",
      "sentry-hook-timestamp": String(Math.floor(toMillis(now) / 1000)),
      "sentry-hook-signature": createHmac("sha256", state.clientSecret).update(body).digest("hex"),
    },
    body,
  });
}
