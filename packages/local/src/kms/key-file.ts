import { createHash, createPrivateKey } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newPrivateKey } from "@gonogo/adapters/kms/local";
import { keepPrivate } from "../kernel/private-file.ts";
import { toNumber, toSecret } from "./ecdsa.ts";
import type { AuditKeys } from "./index.ts";

/** In the data directory, readable by its owner alone: the private key that checkpoints are signed with. */
export const KEY_FILE = "audit-key.pem";

/** Beside it while the log is handed over: the one that signed before. */
const BEFORE_FILE = "audit-key-before.pem";
/** A new one that is not in use yet. */
const NEXT_FILE = "audit-key-next.pem";

/**
 * The keys in a data directory; the first is made at the first start. Throws when a key is there and cannot be used:
 * one that was lost must not be made anew unseen, for every signature of the old one would then be in doubt.
 */
export class KeyFiles implements AuditKeys {
  readonly #directory: string;
  #now: bigint;
  #before: bigint | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    keepPrivate(this.#file(KEY_FILE), newPrivateKey);
    this.#now = secretIn(this.#file(KEY_FILE));
    const before = this.#file(BEFORE_FILE);
    if (existsSync(before)) {
      const key = secretIn(before);
      // Whoever died between the two writes of a change had it begun, and no more.
      if (key === this.#now) rmSync(before);
      else this.#before = key;
    }
  }

  now(): bigint {
    return this.#now;
  }

  before(): bigint | undefined {
    return this.#before;
  }

  /**
   * Puts a new key in the place of the one that there is, which is kept beside it until `forgetBefore`. The new one is
   * whole on disk, then the old one has its second name, then one renaming changes them: whoever dies in between has
   * either key in its place, and both while the log is not handed over. Throws while an earlier one is still kept.
   */
  change(): void {
    if (this.#before !== undefined)
      throw new Error("the key before is still needed: the log is being handed over");
    const [now, before, next] = [this.#file(KEY_FILE), this.#file(BEFORE_FILE), this.#file(NEXT_FILE)];
    keepPrivate(next, newPrivateKey);
    const key = secretIn(next);
    rmSync(before, { force: true });
    linkSync(now, before);
    renameSync(next, now);
    this.#before = this.#now;
    this.#now = key;
  }

  /** The key before is needed no more. */
  forgetBefore(): void {
    rmSync(this.#file(BEFORE_FILE), { force: true });
    this.#before = undefined;
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

function secretIn(file: string): bigint {
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
