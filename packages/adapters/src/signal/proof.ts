import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Compares without telling by its time how much was right, whatever the lengths. */
export function sameText(given: string, known: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(given), digest(known));
}

/**
 * Whether any of the secrets gives this HMAC-SHA256, in hex. More than one secret while they are being
 * changed; an empty one, of a setting that is missing, proves nothing.
 */
export function isSigned(
  signatureHex: string | null,
  parts: readonly (string | Uint8Array)[],
  secrets: readonly string[],
): boolean {
  if (signatureHex === null || !/^[0-9a-f]{64}$/i.test(signatureHex)) return false;
  const given = Buffer.from(signatureHex, "hex");
  return known(secrets).some((secret) => timingSafeEqual(given, hmac(secret, parts)));
}

export function hmac(secret: string, parts: readonly (string | Uint8Array)[]): Buffer {
  const digest = createHmac("sha256", secret);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** Whether the request bears one of the tokens: `Authorization: Bearer …`. */
export function bearsToken(headers: Headers, tokens: readonly string[]): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return given !== undefined && known(tokens).some((token) => sameText(given, token));
}

/** Whether the request bears a name and password (RFC 7617), each written `name:password`. */
export function bearsPassword(headers: Headers, pairs: readonly string[]): boolean {
  const given = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (given === undefined) return false;
  const pair = Buffer.from(given, "base64").toString("utf8");
  return known(pairs).some((one) => sameText(pair, one));
}

function known(secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => secret !== "");
}
