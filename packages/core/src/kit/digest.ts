import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";

declare const brand: unique symbol;

/** SHA-256 over canonical JSON, in lower-case hex with its name in front: `sha256:9f86d0…`. */
export type Digest = string & { readonly [brand]: "Digest" };

/** JSON in the one form that RFC 8785 gives it. Throws TypeError on what JSON has no form for. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}

export function digestOf(value: unknown): Digest {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(canonicalJson(value))))}` as Digest;
}

/** Of the bytes of a file, as they are. */
export function digestOfBytes(bytes: Uint8Array): Digest {
  return `sha256:${bytesToHex(sha256(bytes))}` as Digest;
}

/** The first twelve hex digits: enough for a person to compare, never enough to decide by. */
export function shortDigest(digest: Digest): string {
  return digest.slice(7, 19);
}
