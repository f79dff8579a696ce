import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/**
 * Signatures are ECDSA on P-256 over SHA-256, in the ASN.1 form that AWS KMS gives (SEC 1, RFC 3279 2.2.3).
 * A public key is its SubjectPublicKeyInfo in DER (RFC 5280 4.1), as KMS GetPublicKey gives it.
 */
export type PublicKey = Uint8Array<ArrayBuffer>;

/** What the log's signatures are held against: told by who deployed it, and never read from the log itself. */
export interface TrustedKey {
  publicKey(): Promise<PublicKey>;
}

/** Who signs for gonogo: with a key that is in KMS, or with one that the function was given. */
export interface Signer extends TrustedKey {
  /** Signs a message of any length: it is hashed here or there. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A key that is at hand for as long as the log is handed over from it, and not otherwise. */
export type SignerBefore = () => Promise<Signer | undefined>;
export type TrustedKeyBefore = () => Promise<TrustedKey | undefined>;

/** What stands before the point in the SubjectPublicKeyInfo of every key on P-256. */
const P256 = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/** A key by the digest of its SubjectPublicKeyInfo: `sha256:…`. */
export function keyId(key: PublicKey): string {
  return `sha256:${bytesToHex(sha256(key))}`;
}

/** RFC 7468, in lines of 64 characters. */
export function toPem(key: PublicKey): string {
  const lines = toBase64(key).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}

/** The key in a PEM text; undefined where there is none in it, or one that is not on P-256. */
export function fromPem(text: string): PublicKey | undefined {
  const body = /-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/.exec(text)?.[1];
  const key = fromBase64(body?.replace(/\s+/g, ""));
  if (key === undefined || key.length !== 91 || !bytesToHex(key).startsWith(P256)) return undefined;
  return key;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Undefined for what is not the one spelling of some bytes (RFC 4648 3.5): a signature has one text. */
export function fromBase64(text: unknown): PublicKey | undefined {
  if (typeof text !== "string" || text === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the holder of the private key signed the message. False for what is no signature or no key at all. */
export async function isSigned(key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const raw = rawOf(signature);
  if (raw === undefined) return false;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  try {
    const imported = await crypto.subtle.importKey("spki", key, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      imported,
      raw,
      new Uint8Array(message),
    );
  } catch {
    return false;
  }
}

/** r and s side by side, 32 bytes each, as WebCrypto wants them; undefined for what is not DER to the byte. */
function rawOf(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const r = integerAt(der, 2);
  const s = r === undefined ? undefined : integerAt(der, r.end);
  if (r === undefined || s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(64);
  raw.set(r.bytes, 32 - r.bytes.length);
  raw.set(s.bytes, 64 - s.bytes.length);
  return raw;
}

function integerAt(der: Uint8Array, at: number): { bytes: Uint8Array; end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length < 1 || length > 33 || end > der.length) return undefined;
  const bytes = der.subarray(at + 2, end);
  const [first = 0, second = 0] = bytes;
  // Positive, and without a zero in front that is not needed for that (X.690 8.3.2).
  if (first >= 0x80 || (first === 0 && length > 1 && second < 0x80)) return undefined;
  const plain = first === 0 ? bytes.subarray(1) : bytes;
  return plain.length > 32 ? undefined : { bytes: plain, end };
}
