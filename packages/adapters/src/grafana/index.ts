import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { readAlertGroup } from "../signal/alert-group.ts";
import { forged, fromSeconds, refused, type SignalAnswer, tooLarge } from "../signal/answer.ts";
import { bearsPassword, bearsToken, isSigned } from "../signal/proof.ts";

/** How Grafana's webhook contact point proves itself. Each may hold two while it is being changed. */
export interface GrafanaSecrets {
  readonly hmac?: readonly string[];
  /** The header that carries the time, where the contact point has one configured; it is then signed too. */
  readonly timestampHeader?: string;
  readonly tokens?: readonly string[];
  /** `name:password` */
  readonly passwords?: readonly string[];
}

/** How far the signed time may lie from now, either way. */
const REPLAY_WINDOW_MS = 300_000;

/**
 * Reads a Grafana webhook. Where an HMAC secret is set only a signature is good enough: a token beside it
 * would make it worthless.
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export function readGrafana(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: GrafanaSecrets,
  now: Instant,
): SignalAnswer {
  const large = tooLarge(rawBody);
  if (large !== undefined) return large;
  const refusal =
    secrets.hmac === undefined ? whyUnproven(headers, secrets) : whyUnsigned(headers, rawBody, secrets, now);
  return refusal ?? readAlertGroup("grafana", rawBody, now);
}

function whyUnproven(headers: Headers, secrets: GrafanaSecrets) {
  const proven = bearsToken(headers, secrets.tokens ?? []) || bearsPassword(headers, secrets.passwords ?? []);
  return proven ? undefined : forged("the Authorization header");
}

/** Signed is the raw body, or the time, a colon and the raw body; in hex, with nothing in front. */
function whyUnsigned(headers: Headers, rawBody: Uint8Array, secrets: GrafanaSecrets, now: Instant) {
  const signature = headers.get("x-grafana-alerting-signature");
  const { hmac = [], timestampHeader } = secrets;
  if (timestampHeader === undefined) {
    return isSigned(signature, [rawBody], hmac) ? undefined : forged("X-Grafana-Alerting-Signature");
  }
  const stamp = headers.get(timestampHeader);
  if (stamp === null || !isSigned(signature, [stamp, ":", rawBody], hmac)) {
    return forged("X-Grafana-Alerting-Signature");
  }
  const sentAt = fromSeconds(stamp);
  if (sentAt === undefined || Math.abs(toMillis(now) - toMillis(sentAt)) > REPLAY_WINDOW_MS) {
    return refused(
      401,
      `${timestampHeader} is more than 5 min from now: the request is old, or a clock is wrong`,
    );
  }
  return undefined;
}
