import type { Actor } from "@gonogo/core/actor/schema";
import type { KeyScope } from "@gonogo/core/key/schema";
import type { Instant } from "@gonogo/core/kit/instant";

/** Who asks, or why that is not known (401) or does not do (403). The name is for show and kept apart. */
export type Identity =
  | {
      readonly ok: true;
      readonly actor: Actor;
      readonly name?: string;
      /** What a tool's proof may be used for; unset, whatever its roles may. */
      readonly scopes?: readonly KeyScope[];
    }
  | {
      readonly ok: false;
      readonly status: 401 | 403;
      readonly message: string;
      /** Who it would have been, where the proof was theirs and is good no more. */
      readonly who?: string;
      /** The proof is nobody's: whoever sends such may be trying what fits. */
      readonly guess?: true;
    };

/** Throws a retryable OutsideError when an identity provider that must be asked cannot be reached. */
export type Identify = (headers: Headers, now: Instant) => Promise<Identity>;

/** One way of saying who one is. Requests choose it by their form, and then it alone decides. */
export interface IdentityWay {
  readonly applies: (headers: Headers) => boolean;
  readonly identify: Identify;
  /** How to use it, for those who have not: `a bearer token of https://…`. */
  readonly hint: string;
}

/** The first way that applies decides: a proof that fails in one way is not tried in another. */
export function identifyBy(ways: readonly IdentityWay[]): Identify {
  return async (headers, now) => {
    const way = ways.find(({ applies }) => applies(headers));
    if (way !== undefined) return await way.identify(headers, now);
    const hints = ways.map(({ hint }) => hint).join(", or ");
    return unknown(hints === "" ? "nobody can sign in to this deployment" : `say who you are: ${hints}`);
  };
}

export function unknown(message: string, who?: string): Identity {
  return { ok: false, status: 401, message, ...(who === undefined ? {} : { who }) };
}

/** The same, where the proof is one that nobody has. */
export function guessed(message: string): Identity {
  return { ok: false, status: 401, message, guess: true };
}

export function forbidden(message: string, who?: string): Identity {
  return { ok: false, status: 403, message, ...(who === undefined ? {} : { who }) };
}

/** The token of `Authorization: Bearer …`. */
export function bearer(headers: Headers): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]{1,16384})$/i.exec(headers.get("authorization") ?? "")?.[1];
}

/** Whether the request was made to this machine by one of its own names. */
export function isLoopbackHost(host: string | null): boolean {
  if (host === null) return false;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
