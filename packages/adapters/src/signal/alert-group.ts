import type { Instant } from "@gonogo/core/kit/instant";
import type { SignalSource } from "@gonogo/core/trigger/schema";
import { z } from "zod";
import { readBody, received, type SignalAnswer, saying, time } from "./answer.ts";

/** One alert of a group. Grafana's are Alertmanager's with more about them. */
const Alert = z.looseObject({
  status: z.enum(["firing", "resolved"]),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).default({}),
  startsAt: time,
  endsAt: time.optional(),
});
type Alert = z.infer<typeof Alert>;

const Group = z.looseObject({ alerts: z.array(Alert).max(5_000) });

/**
 * The alerts of a group as signals, by the name of their rule. An alert that fires does so since `startsAt`,
 * however often it is repeated. A rule is well again when none of its alerts fires any more: while one of
 * several still does, that another has ended says nothing.
 */
export function readAlertGroup(source: SignalSource, rawBody: Uint8Array, now: Instant): SignalAnswer {
  const body = readBody(Group, rawBody, "the alert group");
  if (!body.ok) return body;
  const { alerts } = body.value;
  const nameless = alerts.findIndex((alert) => (alert.labels.alertname ?? "") === "");
  if (nameless >= 0) {
    return { ok: false, status: 400, message: `the alert group at alerts.${nameless}.labels: no alertname` };
  }
  const firing = new Set(alerts.filter((one) => one.status === "firing").map((one) => nameOf(one).name));
  const told = alerts.filter((alert) => alert.status === "firing" || !firing.has(nameOf(alert).name));
  return received(
    told.map((alert) => {
      const { name, isBlind } = nameOf(alert);
      const { summary, description, message } = alert.annotations;
      return {
        source,
        name,
        state: alert.status === "resolved" ? "ok" : isBlind ? "unknown" : "alarm",
        at: alert.status === "resolved" ? endOf(alert, now) : alert.startsAt,
        ...saying(summary, description, message),
      };
    }),
    "the alert group",
  );
}

/**
 * Where a rule cannot be evaluated Grafana fires an alert of its own, which names the rule in a label:
 * https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/stale-alert-instances/
 */
function nameOf({ labels }: Alert): { name: string; isBlind: boolean } {
  const { alertname = "", rulename } = labels;
  const isBlind = alertname === "DatasourceNoData" || alertname === "DatasourceError";
  return { name: isBlind && rulename !== undefined ? rulename : alertname, isBlind };
}

/** `0001-01-01` is how Go spells no time at all. */
function endOf(alert: Alert, now: Instant): Instant {
  return alert.endsAt === undefined || alert.endsAt < alert.startsAt ? now : alert.endsAt;
}
