import type { Instant } from "@gonogo/core/kit/instant";
import { line } from "@gonogo/core/kit/schema";
import { z } from "zod";
import {
  forged,
  readBody,
  readValue,
  received,
  type SignalAnswer,
  time,
  tooLarge,
} from "../signal/answer.ts";
import { bearsToken } from "../signal/proof.ts";
import { SIGNATURE_HEADER, whyUnsigned } from "./signature.ts";

export interface WebhookSecrets {
  /** Two while they are being changed. */
  readonly hmac?: readonly string[];
  readonly tokens?: readonly string[];
}

const OneSignal = z.strictObject({
  name: line,
  state: z.enum(["alarm", "ok", "unknown"]),
  at: time.describe("When the alarm took this state, by its own clock."),
  says: z.string().max(1000).optional(),
});

/** The body of a plain webhook: one signal, or several under `signals`. */
const One = OneSignal.transform((one) => [one]);
const Several = z
  .strictObject({ signals: z.array(OneSignal).min(1).max(100) })
  .transform(({ signals }) => signals);

/** Reads a signal that any tool can send: signed with gonogo's own signature, or with a bearer token. */
export function readWebhook(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: WebhookSecrets,
  now: Instant,
): SignalAnswer {
  const large = tooLarge(rawBody);
  if (large !== undefined) return large;
  const refusal = headers.has(SIGNATURE_HEADER)
    ? whyUnsigned(headers, rawBody, secrets.hmac ?? [], now)
    : bearsToken(headers, secrets.tokens ?? [])
      ? undefined
      : forged("the signature or token");
  if (refusal !== undefined) return refusal;
  const body = readBody(z.record(z.string(), z.unknown()), rawBody, "the webhook");
  if (!body.ok) return body;
  const read = readValue("signals" in body.value ? Several : One, body.value, "the webhook");
  if (!read.ok) return read;
  return received(
    read.value.map((one) => ({ ...one, source: "webhook" as const })),
    "the webhook",
  );
}
