import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from "oauth4webapi";
import { MAX_ANSWER_BYTES, OutsideError, readBounded, whyUnreachable } from "../http/call.ts";

/** What a provider says of itself, read again after this long. Milliseconds. */
const KEPT_MS = 3_600_000;
const TIMEOUT_MS = 5_000;

/** The metadata of an OpenID Connect provider. Throws a retryable OutsideError while it cannot be had. */
export type Discovery = () => Promise<AuthorizationServer>;

/**
 * Reads what an issuer says of itself (OpenID Connect Discovery 1.0) when it is first asked for, and keeps it.
 * A provider that cannot be reached later is taken to be as it was.
 */
export function discovery(issuer: string, send: typeof fetch, clock: () => number = Date.now): Discovery {
  let known: { readonly metadata: AuthorizationServer; readonly at: number } | undefined;
  return async () => {
    if (known !== undefined && clock() - known.at < KEPT_MS) return known.metadata;
    try {
      const url = new URL(issuer);
      const response = await discoveryRequest(url, outgoing(issuer, send));
      known = { metadata: await processDiscoveryResponse(url, response), at: clock() };
    } catch (error) {
      if (known === undefined) throw away(issuer, error);
    }
    return known.metadata;
  };
}

/** How requests to an issuer are made: bounded in time and size, and in clear text to this machine alone. */
export function outgoing(issuer: string, send: typeof fetch) {
  return {
    [allowInsecureRequests]: new URL(issuer).protocol === "http:",
    [customFetch]: async (url: string, init: object) => {
      const { body, ...rest } = init as RequestInit;
      const sent = body === undefined || body === null ? rest : { ...rest, body: String(body) };
      const response = await send(url, { ...sent, redirect: "manual" });
      const text = await readBounded(response, MAX_ANSWER_BYTES);
      return new Response(text, { status: response.status, headers: response.headers });
    },
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
  };
}

export function away(issuer: string, error: unknown): OutsideError {
  return new OutsideError(`the identity provider ${issuer} ${whyUnreachable(error, TIMEOUT_MS)}`, {
    retryable: true,
  });
}
