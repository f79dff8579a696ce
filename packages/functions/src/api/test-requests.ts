import { signatureHeaders } from "@gonogo/adapters/generic-webhook/signature";
import { hmac } from "@gonogo/adapters/signal/proof";
import { TEST_SIGNAL } from "@gonogo/core/integration/schema";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { HookSecrets } from "./hook-secrets.ts";
import type { HookName } from "./options.ts";

/** A request as an alarm system would make it, proven by the newest of its secrets. */
export type TestRequest = (
  now: Instant,
  says: string,
) => { readonly headers: Headers; readonly body: string };

/** How each system says that the test alarm went off. SNS signs with a key that nobody else has. */
export function testRequestsFrom({
  sentry,
  grafana,
  alertmanager,
  generic,
}: HookSecrets): Partial<Record<HookName, TestRequest>> {
  const seconds = (now: Instant) => String(Math.floor(toMillis(now) / 1000));
  return {
    sentry: (now, says) => {
      const rule = { name: TEST_SIGNAL, triggers: [] };
      const metric = { alert_rule: rule, date_started: now };
      const body = JSON.stringify({
        action: "critical",
        data: { description_text: says, metric_alert: metric },
      });
      return {
        body,
        headers: new Headers({
          "sentry-hook-resource": "metric_alert",
          "sentry-hook-timestamp": seconds(now),
          "sentry-hook-signature": signed(sentry.clientSecrets, [body]),
        }),
      };
    },
    grafana: (now, says) => {
      const body = alertGroup(now, says);
      if (grafana.hmac.length === 0) return { body, headers: authorized(grafana) };
      const { timestampHeader: header } = grafana;
      const stamped = header === undefined ? [body] : [seconds(now), ":", body];
      return {
        body,
        headers: new Headers({
          "x-grafana-alerting-signature": signed(grafana.hmac, stamped),
          ...(header === undefined ? {} : { [header]: seconds(now) }),
        }),
      };
    },
    alertmanager: (now, says) => ({ body: alertGroup(now, says), headers: authorized(alertmanager) }),
    generic: (now, says) => {
      const body = JSON.stringify({ name: TEST_SIGNAL, state: "alarm", at: now, says });
      const [secret] = generic.hmac;
      if (secret === undefined)
        return { body, headers: authorized({ tokens: generic.tokens, passwords: [] }) };
      return { body, headers: new Headers(signatureHeaders(secret, body, now)) };
    },
  };
}

function signed([secret = ""]: readonly string[], parts: readonly string[]): string {
  return hmac(secret, parts).toString("hex");
}

function authorized({ tokens, passwords }: Pick<HookSecrets["grafana"], "tokens" | "passwords">): Headers {
  const [token] = tokens;
  const authorization =
    token === undefined
      ? `Basic ${Buffer.from(passwords[0] ?? "", "utf8").toString("base64")}`
      : `Bearer ${token}`;
  return new Headers({ authorization });
}

function alertGroup(now: Instant, says: string): string {
  const alert = {
    status: "firing",
    labels: { alertname: TEST_SIGNAL },
    annotations: { summary: says },
    startsAt: now,
  };
  return JSON.stringify({ version: "4", status: "firing", alerts: [alert] });
}
