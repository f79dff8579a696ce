import { type Instant, latest, toMillis } from "@gonogo/core/kit/instant";
import { z } from "zod";
import {
  forged,
  fromSeconds,
  readBody,
  received,
  refused,
  type SignalAnswer,
  saying,
  time,
  tooLarge,
} from "../signal/answer.ts";
import { isSigned } from "../signal/proof.ts";

const CLOCKS_DIFFER_MS = 300_000;

const MetricAlert = z.looseObject({
  action: z.enum(["critical", "warning", "resolved"]),
  data: z.looseObject({
    description_text: z.string().nullish(),
    description_title: z.string().nullish(),
    metric_alert: z.looseObject({
      alert_rule: z.looseObject({
        name: z.string(),
        triggers: z.array(z.looseObject({ label: z.string().nullish() })).default([]),
      }),
      date_started: time,
      date_closed: time.nullish(),
    }),
  }),
});

const IssueAlert = z.looseObject({
  action: z.literal("triggered"),
  data: z.looseObject({
    triggered_rule: z.string(),
    event: z.looseObject({ datetime: time, title: z.string().nullish() }),
  }),
});

/**
 * Reads a webhook of a Sentry integration: metric alerts and issue alerts. It is signed with the
 * integration's client secret over the raw body.
 * https://docs.sentry.io/integrations/integration-platform/webhooks/
 */
export function readSentry(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: readonly string[],
  now: Instant,
): SignalAnswer {
  const large = tooLarge(rawBody);
  if (large !== undefined) return large;
  if (!isSigned(headers.get("sentry-hook-signature"), [rawBody], secrets)) {
    return forged("Sentry-Hook-Signature");
  }
  const resource = headers.get("sentry-hook-resource");
  switch (resource) {
    case "metric_alert":
      return readMetricAlert(rawBody, sentAtOf(headers, now));
    case "event_alert":
      return readIssueAlert(rawBody);
    case "installation":
      return { ok: true, signals: [] };
    default:
      return refused(
        400,
        `Sentry-Hook-Resource is ${resource ?? "missing"}: metric_alert and event_alert are read`,
      );
  }
}

/**
 * A warning is neither good nor bad: what a plan is bound to is the critical threshold. The crash-free value
 * stands only in prose that has changed its wording over the years, so action and rule are what counts.
 */
function readMetricAlert(rawBody: Uint8Array, sentAt: Instant): SignalAnswer {
  const body = readBody(MetricAlert, rawBody, "the metric alert");
  if (!body.ok) return body;
  const { action, data } = body.value;
  const { alert_rule: rule, date_started: started, date_closed: closed } = data.metric_alert;
  const state = ({ critical: "alarm", warning: "unknown", resolved: "ok" } as const)[action];
  // Where a rule has a warning too, the incident begins with that, and nothing tells when it became critical.
  const escalates = rule.triggers.some(({ label }) => label === "warning");
  const at =
    action === "resolved"
      ? (closed ?? latest(started, sentAt))
      : action === "critical" && escalates
        ? latest(started, sentAt)
        : started;
  const signal = { source: "sentry", name: rule.name, state, at } as const;
  const answer = received(
    [{ ...signal, ...saying(data.description_text, data.description_title) }],
    "the metric alert",
  );
  const isDated =
    action === "resolved" ? closed !== null && closed !== undefined : !escalates || action === "warning";
  return answer.ok && !isDated ? { ...answer, undated: true } : answer;
}

/** The header is not signed: it is believed as far as clocks differ, and never moves an alarm to another day. */
function sentAtOf(headers: Headers, now: Instant): Instant {
  const told = fromSeconds(headers.get("sentry-hook-timestamp"));
  return told !== undefined && Math.abs(toMillis(told) - toMillis(now)) <= CLOCKS_DIFFER_MS ? told : now;
}

function readIssueAlert(rawBody: Uint8Array): SignalAnswer {
  const body = readBody(IssueAlert, rawBody, "the issue alert");
  if (!body.ok) return body;
  const { triggered_rule: name, event } = body.value.data;
  // An issue's title quotes what a user's program said: it stays out of the log (S16).
  return received([{ source: "sentry", name, state: "alarm", at: event.datetime }], "the issue alert");
}
