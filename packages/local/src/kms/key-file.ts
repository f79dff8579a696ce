import { createHash, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newPrivateKey } from "@gonogo/adapters/kms/local";
import { keepPrivate } from "../kernel/private-file.ts";
import { toNumber, toSecret } from "./ecdsa.ts";

/** In the data directory, readable by its owner alone: the private key that checkpoints are signed with. */
export const KEY_FILE = "audit-key.pem";

/**
 * The key in a data directory, made at the first start. Throws when it is there and cannot be used: a key that
 * was lost must not be made anew unseen, for every signature of the old one would then be in doubt.
 */
export function keptAuditKey(directory: string): bigint {
  const file = join(directory, KEY_FILE);
  keepPrivate(file, newPrivateKey);
  const { kty, crv, d } = read(file);
  if (kty === "EC" && crv === "P-256" && d !== undefined) return toNumber(Buffer.from(d, "base64url"));
  throw new Error(`${file} holds another kind of key than one on P-256; put the right one back`);
}

/** For engines without a directory. What they sign nobody relies on, and each run is to be the same run. */
export const VIRTUAL_KEY = toSecret(createHash("sha256").update("gonogo on a virtual clock").digest());

function read(file: string): { kty?: string | undefined; crv?: string | undefined; d?: string | undefined } {
  try {
    return createPrivateKey(readFileSync(file, "utf8")).export({ format: "jwk" });
  } catch {
    // What OpenSSL says can quote the text.
    throw new Error(`${file} is no private key in PEM; put the right one back`);
  }
}
