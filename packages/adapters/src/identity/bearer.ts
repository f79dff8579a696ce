import { type Actor, personId } from "@gonogo/core/actor/schema";
import type { KeyScope } from "@gonogo/core/key/schema";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { OutsideError } from "../http/call.ts";
import { discovery } from "./discovery.ts";
import { type Grant, grantedBy } from "./grants.ts";
import { bearer, forbidden, guessed, type Identity, type IdentityWay, unknown } from "./index.ts";
import type { SignInClient } from "./sign-in.ts";

/** An OpenID Connect provider whose tokens are believed. */
export interface Issuer {
  /** As in `iss`, to the letter. */
  readonly issuer: string;
  /** As in `aud`: tokens that were made for somebody else are no good here. */
  readonly audience?: string;
  /** Unset: where the issuer itself says that its keys are. */
  readonly jwksUrl?: string;
  /** What claims give beyond that. Where there are any, a token that fits none is not let in. */
  readonly grants?: readonly Grant[];
  /** What its tokens may be used for, where no grant says it; unset, whatever their roles may. */
  readonly scopes?: readonly KeyScope[];
  /** How people sign in on the page. Their ID tokens, made for this client, are believed as well. */
  readonly signIn?: SignInClient;
  /** Who its tokens speak for. A tool is named in the log by `name`. */
  readonly speaksFor: { readonly kind: "person" } | { readonly kind: "tool"; readonly name: string };
  /** The claim that holds roles or groups, by its whole name: `roles`, `cognito:groups`. */
  readonly rolesClaim?: string;
  /** What roles here a role or group there stands for. Unset, they are taken by the same names. */
  readonly roleMap?: Readonly<Record<string, readonly string[]>>;
  /** Roles that everyone with a token of this kind has. */
  readonly roles?: readonly string[];
  /** Claims that must have just this value, such as `repository_id` and `ref` of a GitHub Actions token. */
  readonly require?: Readonly<Record<string, string>>;
}

/** Public keys only. `none` and HMAC, where the public key would be the secret, are out (RFC 8725 3.1). */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** How far two clocks may lie apart, in seconds. */
const CLOCK_TOLERANCE = 30;
const KEYS_TIMEOUT_MS = 5_000;

/**
 * Bearer tokens of OpenID Connect providers. The token's `iss`, not yet believed, only chooses among the
 * configured issuers; its keys, audience, times and algorithm then have to hold. RFC 8725, RFC 9068.
 */
export function bearerTokens(
  issuers: readonly Issuer[],
  outside: { readonly fetch: typeof fetch },
): IdentityWay {
  const open = issuers.find(({ audience, signIn }) => audience === undefined && signIn === undefined);
  if (open !== undefined)
    throw new TypeError(`${open.issuer}: nothing says for whom its tokens must be made`);
  const known = issuers.map((issuer) => ({ issuer, keys: keysOf(issuer, outside.fetch) }));
  return {
    hint: `a bearer token of ${issuers.map(({ issuer }) => issuer).join(" or ")}`,
    applies: (headers) => /^Bearer /i.test(headers.get("authorization") ?? ""),
    identify: async (headers, now) => {
      const token = bearer(headers);
      const claimed = token === undefined ? undefined : unverified(token);
      if (token === undefined || claimed?.iss === undefined) return guessed("the bearer token is not a JWT");
      const found = chosen(known, claimed);
      if (found === undefined) return guessed("the token's issuer is not one that this deployment believes");
      try {
        return actorOf(found.issuer, await verified(token, found.issuer, found.keys, now));
      } catch (error) {
        return whyNot(error, found.issuer);
      }
    },
  };
}

function keysOf({ issuer, jwksUrl }: Issuer, send: typeof fetch): JWTVerifyGetKey {
  const setAt = (url: string) =>
    createRemoteJWKSet(new URL(url), {
      [customFetch]: (address, options) => send(address, options as RequestInit),
      timeoutDuration: KEYS_TIMEOUT_MS,
    });
  if (jwksUrl !== undefined) return setAt(jwksUrl);
  const discovered = discovery(issuer, send);
  let set: { readonly url: string; readonly keys: JWTVerifyGetKey } | undefined;
  return async (header, token) => {
    const { jwks_uri: url } = await discovered();
    if (url === undefined) throw new OutsideError(`${issuer} names no keys`, { retryable: false });
    if (set?.url !== url) set = { url, keys: setAt(url) };
    return await set.keys(header, token);
  };
}

async function verified(
  token: string,
  { issuer, audience, signIn }: Issuer,
  keys: JWTVerifyGetKey,
  now: Instant,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: [audience, signIn?.clientId].filter((one) => one !== undefined),
    algorithms: ALGORITHMS,
    currentDate: new Date(toMillis(now)),
    clockTolerance: CLOCK_TOLERANCE,
    requiredClaims: ["sub", "exp"],
  });
  return payload;
}

function actorOf(issuer: Issuer, claims: JWTPayload): Identity {
  // An ID token for several says which of them asked for it (OpenID Connect Core 3.1.3.7, 5).
  const { azp = issuer.signIn?.clientId } = claims;
  if (issuer.signIn !== undefined && !isFor(claims, issuer.audience) && azp !== issuer.signIn.clientId) {
    return unknown("the token's azp claim is not as it should be: get one that is made for gonogo");
  }
  for (const [claim, value] of Object.entries(issuer.require ?? {})) {
    if (claims[claim] !== value) {
      return forbidden(`the token's ${claim} is not the one that is let in`, whoOf(issuer, claims));
    }
  }
  const granted = issuer.grants === undefined ? { roles: [] } : grantedBy(issuer.grants, claims);
  if (granted === undefined)
    return forbidden("the token's claims are none that are let in", whoOf(issuer, claims));
  const roles = [...new Set([...rolesOf(issuer, claims), ...granted.roles])].sort();
  const scopes = "scopes" in granted ? granted.scopes : issuer.scopes;
  const limits = scopes === undefined ? {} : { scopes };
  if (issuer.speaksFor.kind === "tool") {
    const name = ("name" in granted ? granted.name : undefined) ?? issuer.speaksFor.name;
    return { ok: true, actor: { kind: "tool", id: name, roles }, name, ...limits };
  }
  const id = whoOf(issuer, claims);
  const actor: Actor = { kind: "person", id, roles };
  const name = [claims.name, claims.preferred_username].find((one) => typeof one === "string" && one !== "");
  return { ok: true, actor, ...limits, ...(typeof name === "string" ? { name: name.slice(0, 200) } : {}) };
}

function whoOf({ issuer, speaksFor }: Issuer, { sub = "" }: JWTPayload): string {
  return speaksFor.kind === "tool" ? speaksFor.name : personId(issuer, sub);
}

function isFor({ aud }: JWTPayload, audience: string | undefined): boolean {
  return audience !== undefined && [aud].flat().includes(audience);
}

function rolesOf({ rolesClaim, roleMap, roles = [] }: Issuer, claims: JWTPayload): string[] {
  const given = rolesClaim === undefined ? [] : [claims[rolesClaim] ?? []].flat();
  const names = given.filter((one) => typeof one === "string");
  const mapped = roleMap === undefined ? names : names.flatMap((name) => roleMap[name] ?? []);
  return [...new Set([...roles, ...mapped])].sort();
}

/** One issuer may be there for several audiences; which is meant, the token says. */
function chosen<T extends { readonly issuer: Issuer }>(
  known: readonly T[],
  claimed: JWTPayload,
): T | undefined {
  const own = known.filter(({ issuer }) => issuer.issuer === claimed.iss);
  return (
    own.find(({ issuer }) => isFor(claimed, issuer.audience) || isFor(claimed, issuer.signIn?.clientId)) ??
    own[0]
  );
}

/** Only to choose the keys by: nothing else of an unverified token is looked at. */
function unverified(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function whyNot(error: unknown, { issuer }: Issuer): Identity {
  if (error instanceof errors.JWTExpired) return unknown("the token has expired: sign in again");
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unknown(
      `the token's ${error.claim} claim is not as it should be: get one that is made for gonogo`,
    );
  }
  const isForged =
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported;
  if (isForged) return guessed(`the token is not validly signed by ${issuer}`);
  if (error instanceof OutsideError) throw error;
  throw new OutsideError(`the keys of ${issuer} cannot be read`, { retryable: true });
}
