import { createHash } from "node:crypto";

/**
 * Stands in the bundles for @noble/hashes, with which core hashes wherever it runs, a browser included. On Lambda
 * there is Node's own: the same digests, faster and without the code.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

export function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

export function utf8ToBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Throws for what is not whole bytes in hex. */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) throw new Error("what should be bytes in hex is none");
  return new Uint8Array(Buffer.from(hex, "hex"));
}
