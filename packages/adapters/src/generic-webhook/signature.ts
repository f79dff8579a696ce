import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { forged, fromSeconds, type Refused, refused } from "../signal/answer.ts";
import { hmac, isSigned } from "../signal/proof.ts";

/**
 * gonogo's own signature, the same for what comes in and what goes out: HMAC-SHA256 over the time in
 * seconds, a full stop and the raw body, in hex with its name in front.
 */
export const SIGNATURE_HEADER = "x-gonogo-signature";
export const TIMESTAMP_HEADER = "x-gonogo-timestamp";

/** How far the signed time may lie from now, either way. */
export const REPLAY_WINDOW_MS = 300_000;

export function signatureHeaders(secret: string, body: string, now: Instant): Record<string, string> {
  const seconds = String(Math.floor(toMillis(now) / 1000));
  return {
    [TIMESTAMP_HEADER]: seconds,
    [SIGNATURE_HEADER]: `sha256=${hmac(secret, [seconds, ".", body]).toString("hex")}`,
  };
}

/** Why a request is not signed as it should be; undefined when it is. */
export function whyUnsigned(
  headers: Headers,
  rawBody: Uint8Array,
  secrets: readonly string[],
  now: Instant,
): Refused | undefined {
  const stamp = headers.get(TIMESTAMP_HEADER) ?? "";
  const signature = /^sha256=(\w{64})$/.exec(headers.get(SIGNATURE_HEADER) ?? "")?.[1];
  const sentAt = fromSeconds(stamp);
  if (sentAt === undefined || !isSigned(signature ?? null, [stamp, ".", rawBody], secrets)) {
    return forged("X-Gonogo-Signature");
  }
  const apart = Math.abs(toMillis(now) - toMillis(sentAt));
  if (apart <= REPLAY_WINDOW_MS) return undefined;
  const shown = fromMillis(toMillis(sentAt));
  return refused(
    401,
    `X-Gonogo-Timestamp is ${shown}, more than 5 min from now: sign at the time of sending`,
  );
}
