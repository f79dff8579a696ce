import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Actor } from "@gonogo/core/actor/schema";
import type { KeyScope } from "@gonogo/core/key/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import { bearer, guessed, type IdentityWay, unknown } from "./index.ts";

/** A tool's token as the configuration holds it: never the token itself. */
export interface ApiToken {
  /** What the log calls the tool: `ci`. */
  readonly name: string;
  /** SHA-256 of the token, in hex. With 256 random bits in it a plain hash is as good as a slow one. */
  readonly sha256: string;
  readonly roles: readonly string[];
  /** What it may be used for; unset, whatever its roles may. */
  readonly scopes?: readonly KeyScope[];
  readonly expiresAt?: Instant;
}

/** Tells tokens of ours from those of identity providers, and secret scanners what they have found. */
export const TOKEN_PREFIX = "gonogo_";

/** A new token and its hash. The token is shown once and kept nowhere. */
export function newApiToken(): { readonly token: string; readonly sha256: string } {
  const token = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
  return { token, sha256: hashOf(token).toString("hex") };
}

/** Tools with tokens that were given out by the deployment. */
export function apiTokens(tokens: readonly ApiToken[]): IdentityWay {
  const known = tokens.map((token) => ({ ...token, hash: Buffer.from(token.sha256, "hex") }));
  const broken = known.find(({ hash }) => hash.byteLength !== 32);
  if (broken !== undefined) {
    throw new TypeError(
      `the API token ${broken.name}: sha256 must be 64 hex digits, as newApiToken gives them`,
    );
  }
  return {
    hint: `Authorization: Bearer ${TOKEN_PREFIX}…`,
    applies: (headers) => bearer(headers)?.startsWith(TOKEN_PREFIX) === true,
    identify: async (headers, now) => {
      const given = hashOf(bearer(headers) ?? "");
      // Every one is compared, so that the time taken does not tell which was nearly right.
      const [found] = known.filter(({ hash }) => timingSafeEqual(hash, given));
      if (found === undefined) return guessed("this API token is not known; it may have been withdrawn");
      if (found.expiresAt !== undefined && found.expiresAt <= now) {
        return unknown(
          `the API token ${found.name} expired at ${found.expiresAt}; ask for a new one`,
          found.name,
        );
      }
      const actor: Actor = { kind: "tool", id: found.name, roles: [...found.roles] };
      const { name, scopes } = found;
      return { ok: true, actor, name, ...(scopes === undefined ? {} : { scopes }) };
    },
  };
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}
