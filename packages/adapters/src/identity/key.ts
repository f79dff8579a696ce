import { createHash, timingSafeEqual } from "node:crypto";
import type { DeploymentStore } from "@gonogo/core/deployment/ports";
import { isGood, type KeyEntry } from "@gonogo/core/key/state";
import type { Digest } from "@gonogo/core/kit/digest";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { TOKEN_PREFIX } from "./api-token.ts";
import { bearer, guessed, type Identify, type Identity, unknown } from "./index.ts";

const FORM = new RegExp(`^${TOKEN_PREFIX}[\\w-]{43}$`);
/** When a key was last used is told to this. Milliseconds. */
const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 1_000;

/**
 * Tools with keys that `gonogo key create` has given out, beside those who are known otherwise. Only a key's digest is
 * kept, and it is looked up by that: what is compared is a hash of 256 random bits, whose time says nothing. Each request
 * asks the store, so that a key that is withdrawn opens nothing any more.
 */
export function withKeys(identify: Identify, store: Pick<DeploymentStore, "key" | "keyUsed">): Identify {
  const used = new Map<Digest, number>();
  return async (headers, now) => {
    const token = bearer(headers);
    if (token?.startsWith(TOKEN_PREFIX) !== true) return await identify(headers, now);
    const configured = await identify(headers, now);
    if (configured.ok || configured.who !== undefined) return configured;
    if (!FORM.test(token)) return nobody();
    const digest = digestOfKey(token);
    const entry = await store.key(digest);
    if (entry === undefined || !isSame(entry.digest, digest)) return nobody();
    const who = identityOf(entry, now);
    if (who.ok) await remember(entry.digest, now);
    return who;
  };

  /** At most once an hour in a process, and never what a request depends on. */
  async function remember(digest: Digest, now: Instant): Promise<void> {
    const hour = Math.floor(toMillis(now) / HOUR_MS) * HOUR_MS;
    if (used.get(digest) === hour) return;
    if (used.size >= MOST_REMEMBERED) used.clear();
    used.set(digest, hour);
    await store.keyUsed(digest, fromMillis(hour)).catch(() => used.delete(digest));
  }
}

export function digestOfKey(token: string): Digest {
  return `sha256:${createHash("sha256").update(token, "utf8").digest("hex")}` as Digest;
}

function identityOf(entry: KeyEntry, now: Instant): Identity {
  const { name, roles, scopes, expiresAt, revoked } = entry;
  if (revoked !== undefined) return unknown(`the key ${name} was withdrawn at ${revoked.at}`, name);
  if (!isGood(entry, now)) return unknown(`the key ${name} expired at ${expiresAt}; ask for a new one`, name);
  return { ok: true, actor: { kind: "tool", id: name, roles: [...roles] }, name, scopes };
}

function nobody(): Identity {
  return guessed("this key is not known; it may have been withdrawn");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
