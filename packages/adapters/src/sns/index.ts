import { verify } from "node:crypto";
import type { Instant } from "@gonogo/core/kit/instant";
import { z } from "zod";
import { readAlarmMessage } from "../cloudwatch-event/index.ts";
import { type Refused, readBody, refused, type SignalAnswer, tooLarge } from "../signal/answer.ts";
import { type Certificates, isSnsUrl } from "./certificates.ts";

export { type Certificates, fetchCertificates } from "./certificates.ts";

/** What a message of SNS is checked against. */
export interface SnsTrust {
  /** The ARNs of the topics that may speak. Anybody can sign a message with a topic of their own. */
  readonly topics: readonly string[];
  readonly certificates: Certificates;
}

export type SnsAnswer = SignalAnswer | { readonly ok: true; readonly confirm: string };

const Envelope = z.looseObject({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.string(),
  SigningCertURL: z.string(),
});
export type Envelope = z.infer<typeof Envelope>;

/**
 * Reads an HTTPS delivery of Amazon SNS. A subscription that wants to be confirmed is answered with the
 * address to call, which has been checked. Throws a retryable OutsideError when the signing certificate
 * cannot be fetched; SNS delivers again after a 5xx.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export async function readSns(
  _headers: Headers,
  rawBody: Uint8Array,
  trust: SnsTrust,
  now: Instant,
): Promise<SnsAnswer> {
  const large = tooLarge(rawBody);
  if (large !== undefined) return large;
  // The signature is inside the body: it has to be read first, and nothing of it is believed yet.
  const read = readBody(Envelope, rawBody, "the SNS message");
  if (!read.ok) return read;
  const envelope = read.value;
  const refusal = await whyUntrusted(envelope, trust, now);
  if (refusal !== undefined) return refusal;
  switch (envelope.Type) {
    case "SubscriptionConfirmation":
      return confirmation(envelope);
    case "UnsubscribeConfirmation":
      return { ok: true, signals: [] };
    case "Notification":
      return readNotification(envelope);
  }
}

function readNotification(envelope: Envelope): SignalAnswer {
  const message = readBody(z.unknown(), envelope.Message, "the Message");
  if (!message.ok) return refused(400, `${message.message}; only CloudWatch alarms are taken in`);
  return readAlarmMessage(message.value);
}

async function whyUntrusted(envelope: Envelope, trust: SnsTrust, now: Instant): Promise<Refused | undefined> {
  if (!trust.topics.includes(envelope.TopicArn)) {
    return refused(401, "the topic is not one of those that this deployment listens to");
  }
  const certificate = await trust.certificates.get(envelope.SigningCertURL, now);
  if (certificate === undefined) {
    return refused(401, "SigningCertURL is not the address of a valid certificate of Amazon SNS");
  }
  const algorithm = envelope.SignatureVersion === "2" ? "RSA-SHA256" : "RSA-SHA1";
  const signed = Buffer.from(stringToSign(envelope), "utf8");
  const signature = Buffer.from(envelope.Signature, "base64");
  if (verify(algorithm, signed, certificate.publicKey, signature)) return undefined;
  return refused(401, "the Signature does not verify: the message was changed, or is not from Amazon SNS");
}

/** The fields that SNS signs, by name, each a line with its value on the next. */
export function stringToSign(envelope: Envelope): string {
  const { Message, MessageId, Subject, SubscribeURL, Timestamp, Token, TopicArn, Type } = envelope;
  const fields =
    Type === "Notification"
      ? { Message, MessageId, Subject, Timestamp, TopicArn, Type }
      : { Message, MessageId, SubscribeURL, Timestamp, Token, TopicArn, Type };
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join("");
}

/** The address must be SNS's own in the topic's region, and confirm that topic and nothing else. */
function confirmation(envelope: Envelope): SnsAnswer {
  const url = URL.parse(envelope.SubscribeURL ?? "");
  const region = envelope.TopicArn.split(":")[3];
  const isOwn =
    url !== null &&
    isSnsUrl(url.href) &&
    url.hostname.split(".")[1] === region &&
    url.searchParams.get("Action") === "ConfirmSubscription" &&
    url.searchParams.get("TopicArn") === envelope.TopicArn;
  if (!isOwn) return refused(400, "SubscribeURL does not confirm a subscription to this topic");
  return { ok: true, confirm: url.href };
}
