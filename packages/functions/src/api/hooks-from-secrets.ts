import { readAlertmanager } from "@gonogo/adapters/alertmanager/index";
import { readWebhook } from "@gonogo/adapters/generic-webhook/index";
import { readGrafana } from "@gonogo/adapters/grafana/index";
import { call, type Outside, OutsideError } from "@gonogo/adapters/http/call";
import { readSentry } from "@gonogo/adapters/sentry/index";
import { isSnsUrl } from "@gonogo/adapters/sns/certificates";
import { type Certificates, readSns } from "@gonogo/adapters/sns/index";
import type { HookSecrets } from "./hook-secrets.ts";
import type { Hook, HookName } from "./options.ts";

export { HookSecrets } from "./hook-secrets.ts";

/** The hooks of those systems of which a secret is known. SNS has none: its topics are what is listed. */
export function hooksFromSecrets(
  secrets: HookSecrets,
  certificates: Certificates,
): Partial<Record<HookName, Hook>> {
  const { sentry, grafana, alertmanager, generic, sns } = secrets;
  const { hmac, timestampHeader, tokens, passwords } = grafana;
  // Where there is a secret to sign with, a token beside it is not good enough: see readGrafana.
  const grafanaSecrets = {
    ...(hmac.length > 0 ? { hmac } : {}),
    ...(timestampHeader === undefined ? {} : { timestampHeader }),
    tokens,
    passwords,
  };
  const hooks: Record<HookName, { readonly proofs: number; readonly hook: Hook }> = {
    sentry: {
      proofs: sentry.clientSecrets.length,
      hook: async (headers, body, now) => readSentry(headers, body, sentry.clientSecrets, now),
    },
    grafana: {
      proofs: hmac.length + tokens.length + passwords.length,
      hook: async (headers, body, now) => readGrafana(headers, body, grafanaSecrets, now),
    },
    alertmanager: {
      proofs: alertmanager.tokens.length + alertmanager.passwords.length,
      hook: async (headers, body, now) => readAlertmanager(headers, body, alertmanager, now),
    },
    generic: {
      proofs: generic.hmac.length + generic.tokens.length,
      hook: async (headers, body, now) => readWebhook(headers, body, generic, now),
    },
    "cloudwatch-sns": {
      proofs: sns.topics.length,
      hook: (headers, body, now) => readSns(headers, body, { topics: sns.topics, certificates }, now),
    },
  };
  return Object.fromEntries(
    Object.entries(hooks).flatMap(([name, { proofs, hook }]) => (proofs > 0 ? [[name, hook]] : [])),
  );
}

/**
 * Confirms a subscription of SNS. Throws a retryable OutsideError when SNS does not answer with 200; it then
 * asks to be confirmed again. An address that is not its own is never called.
 * https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 */
export function confirmSubscription(outside: Outside): (url: string) => Promise<void> {
  return async (url) => {
    const what = "Amazon SNS, confirm subscription";
    if (!isSnsUrl(url))
      throw new OutsideError(`${what}: the address is not one of SNS`, { retryable: false });
    const { status } = await call(outside, { what, url });
    if (status !== 200) throw new OutsideError(`${what}: answered ${status}`, { retryable: true, status });
  };
}
