import type { Instant } from "@gonogo/core/kit/instant";
import { readAlertGroup } from "../signal/alert-group.ts";
import { forged, type SignalAnswer, tooLarge } from "../signal/answer.ts";
import { bearsPassword, bearsToken } from "../signal/proof.ts";

/** What Alertmanager's `http_config` may send: it cannot sign. */
export interface AlertmanagerSecrets {
  readonly tokens?: readonly string[];
  /** `name:password` */
  readonly passwords?: readonly string[];
}

/**
 * Reads a webhook of Prometheus Alertmanager (version 4).
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function readAlertmanager(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: AlertmanagerSecrets,
  now: Instant,
): SignalAnswer {
  const large = tooLarge(rawBody);
  if (large !== undefined) return large;
  if (!bearsToken(headers, secrets.tokens ?? []) && !bearsPassword(headers, secrets.passwords ?? [])) {
    return forged("the Authorization header");
  }
  return readAlertGroup("alertmanager", rawBody, now);
}
