import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import {
  AuthorizationResponseError,
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clockSkew,
  clockTolerance,
  None,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  ResponseBodyError,
  UnsupportedOperationError,
  validateAuthResponse,
} from "oauth4webapi";
import { OutsideError } from "../http/call.ts";
import { away, type Discovery, discovery, outgoing } from "./discovery.ts";

/** What gonogo is registered as at a provider. */
export interface SignInClient {
  readonly clientId: string;
  /** Of a confidential client. It stays on the server. */
  readonly clientSecret?: string;
  /** Unset: openid and profile. */
  readonly scopes?: readonly string[];
  /** What the page calls the provider; unset, its host. */
  readonly name?: string;
}

export interface SignInIssuer {
  readonly issuer: string;
  readonly signIn: SignInClient;
}

/** A way to sign in, as the page is told of it. */
export interface SignInWay {
  readonly issuer: string;
  readonly name: string;
  /** Unset while the provider cannot be reached. */
  readonly at?: {
    readonly authorize: string;
    readonly clientId: string;
    readonly scope: string;
    /** Where one signs out of the provider itself, where it has such a place. */
    readonly end?: string;
  };
}

/** What came back from a provider, and what the page had sent along. */
export interface SignInAnswer {
  readonly issuer: string;
  /** The query that the provider sent the browser back with. */
  readonly response: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type SignedInOrNot =
  | { readonly ok: true; readonly token: string }
  | {
      readonly ok: false;
      readonly status: 401 | 403;
      readonly code: "sign-in.denied" | "sign-in.refused" | "sign-in.forged";
      readonly message: string;
    };

/** Authorization code with PKCE, from any OpenID Connect provider. */
export interface SignIn {
  ways(): Promise<readonly SignInWay[]>;
  /** Trades the code for the ID token. Throws a retryable OutsideError while the provider is away. */
  exchange(answer: SignInAnswer, now: Instant): Promise<SignedInOrNot>;
}

/** How far two clocks may lie apart, in seconds. */
const TOLERANCE_S = 30;
const SCOPES = ["openid", "profile"];

/**
 * Signing in for people: the code's exchange, and all that OpenID Connect Core 3.1.3.7 and RFC 9207 want checked of
 * what came back, by oauth4webapi. The ID token's signature is for `bearerTokens`, as with every later request.
 */
export function signInBy(issuers: readonly SignInIssuer[], send: typeof fetch): SignIn {
  const known = issuers.map((one) => ({ ...one, discovered: discovery(one.issuer, send) }));
  return {
    ways: () => Promise.all(known.map(({ issuer, signIn, discovered }) => wayOf(issuer, signIn, discovered))),
    exchange: async (answer, now) => {
      const found = known.find(({ issuer }) => issuer === answer.issuer);
      if (found === undefined) return forged("this deployment does not sign people in by that provider");
      return await exchanged(found.signIn, await found.discovered(), answer, now, send);
    },
  };
}

async function wayOf(issuer: string, client: SignInClient, discovered: Discovery): Promise<SignInWay> {
  const name = client.name ?? new URL(issuer).host;
  try {
    const { authorization_endpoint: authorize, end_session_endpoint: end } = await discovered();
    if (authorize === undefined) return { issuer, name };
    const scope = [...new Set(["openid", ...(client.scopes ?? SCOPES)])].join(" ");
    return {
      issuer,
      name,
      at: { authorize, clientId: client.clientId, scope, ...(end === undefined ? {} : { end }) },
    };
  } catch (error) {
    if (error instanceof OutsideError) return { issuer, name };
    throw error;
  }
}

async function exchanged(
  { clientId, clientSecret }: SignInClient,
  server: AuthorizationServer,
  answer: SignInAnswer,
  now: Instant,
  send: typeof fetch,
): Promise<SignedInOrNot> {
  const client: Client = {
    client_id: clientId,
    [clockSkew]: Math.round((toMillis(now) - Date.now()) / 1000),
    [clockTolerance]: TOLERANCE_S,
  };
  try {
    const parameters = validateAuthResponse(
      server,
      client,
      new URLSearchParams(answer.response),
      answer.state,
    );
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      authentication(server, clientSecret),
      parameters,
      answer.redirectUri,
      answer.verifier,
      outgoing(server.issuer, send),
    );
    if (response.status >= 500) throw away(server.issuer, undefined);
    const { id_token: token } = await processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: answer.nonce,
      requireIdToken: true,
    });
    return token === undefined ? forged("the provider gave no ID token") : { ok: true, token };
  } catch (error) {
    return whyNot(error, server);
  }
}

/** As the provider takes it; by its metadata, Basic where that says nothing (OpenID Connect Discovery 3). */
function authentication(server: AuthorizationServer, secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_basic") ? ClientSecretBasic(secret) : ClientSecretPost(secret);
}

function whyNot(error: unknown, { issuer }: AuthorizationServer): SignedInOrNot {
  if (error instanceof OutsideError) throw error;
  if (error instanceof AuthorizationResponseError) {
    const isDenied = error.error === "access_denied";
    const message = isDenied
      ? "you were not let in there, or said no; sign in again, or ask whoever runs the provider"
      : `the provider answered ${plain(error.error)}; sign in again`;
    return { ok: false, status: 403, code: "sign-in.denied", message };
  }
  if (error instanceof ResponseBodyError) {
    const message =
      error.error === "invalid_grant"
        ? "the provider does not take this code: it was used, is too old, or is not for here; sign in again"
        : `the provider refused: ${plain(error.error)}`;
    return { ok: false, status: 401, code: "sign-in.refused", message };
  }
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    return forged("what came back does not belong to this sign-in, or is not from this provider");
  }
  throw away(issuer, error);
}

function forged(why: string): SignedInOrNot {
  return { ok: false, status: 401, code: "sign-in.forged", message: `${why}; sign in again` };
}

/** An error code of OAuth, and nothing else that may stand in its place. */
function plain(code: string): string {
  return /^[a-z_]{1,60}$/.test(code) ? code : "an error";
}
