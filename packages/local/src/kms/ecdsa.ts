import { createECDH, createHmac } from "node:crypto";

/** The order of P-256's base point (SEC 2, 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Signs a SHA-256 digest by ECDSA on P-256, in ASN.1. Node signs messages only and KMS takes digests, so the
 * two lines of arithmetic are here; the multiplication on the curve is OpenSSL's. What is drawn for each
 * signature is made of the key and the digest (RFC 6979), so that a run on one seed is the same run.
 */
export function signDigest(secret: bigint, digest: Uint8Array): Uint8Array {
  const z = toNumber(digest);
  for (const k of candidates(secret, z)) {
    const r = toNumber(multiply(k).subarray(1, 33)) % ORDER;
    const s = (inverse(k) * (z + r * secret)) % ORDER;
    if (r !== 0n && s !== 0n) return toDer(r, s);
  }
  throw new Error("no signature was found");
}

/** The point that belongs to a private key, uncompressed. */
export function multiply(secret: bigint): Buffer {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(toBytes(secret));
  return curve.getPublicKey();
}

export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** Whatever 32 bytes stand for, as a private key. */
export function toSecret(bytes: Uint8Array): bigint {
  return (toNumber(bytes) % (ORDER - 1n)) + 1n;
}

/** RFC 6979, 3.2. */
function* candidates(secret: bigint, z: bigint): Generator<bigint> {
  const hmac = (key: Buffer, ...parts: Uint8Array[]) =>
    parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
  const seed = Buffer.concat([toBytes(secret), toBytes(z % ORDER)]);
  let v: Buffer = Buffer.alloc(32, 1);
  let key: Buffer = Buffer.alloc(32, 0);
  for (const step of [0, 1]) {
    key = hmac(key, v, Uint8Array.of(step), seed);
    v = hmac(key, v);
  }
  for (;;) {
    v = hmac(key, v);
    const k = toNumber(v);
    if (k > 0n && k < ORDER) yield k;
    key = hmac(key, v, Uint8Array.of(0));
    v = hmac(key, v);
  }
}

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value, ORDER, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % ORDER) + ORDER) % ORDER;
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

function toDer(r: bigint, s: bigint): Uint8Array {
  const integers = [r, s].map((value) => {
    const hex = value.toString(16);
    const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
    const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
    return Buffer.concat([Uint8Array.of(0x02, positive.length), positive]);
  });
  const body = Buffer.concat(integers);
  return new Uint8Array(Buffer.concat([Uint8Array.of(0x30, body.length), body]));
}
