import { guardedFetch } from "@gonogo/adapters/http/guarded-fetch";
import { apiTokens } from "@gonogo/adapters/identity/api-token";
import { bearerTokens } from "@gonogo/adapters/identity/bearer";
import { type Identify, type IdentityWay, identifyBy } from "@gonogo/adapters/identity/index";
import { type SignIn, signInBy } from "@gonogo/adapters/identity/sign-in";
import { fetchCertificates } from "@gonogo/adapters/sns/certificates";
import { confirmSubscription, hooksFromSecrets } from "../api/hooks-from-secrets.ts";
import type { ApiOptions } from "../api/options.ts";
import { testRequestsFrom } from "../api/test-requests.ts";
import type { Process } from "./runtime.ts";
import { readSecret } from "./secrets.ts";

/** Who is let in to the API, and by what they prove it. Nobody, until a secret says who. */
export function doors({ environment, base }: Process): ApiOptions {
  const outside = { fetch: guardedFetch(), now: () => base.clock.now() };
  const hooks = readSecret("GONOGO_HOOKS", environment);
  const { identify, signIn } = peopleAndTools(environment, outside.fetch);
  return {
    identify,
    signIn,
    hooks: hooks === undefined ? {} : hooksFromSecrets(hooks, fetchCertificates(outside)),
    testRequests: hooks === undefined ? {} : testRequestsFrom(hooks),
    confirm: confirmSubscription(outside),
  };
}

/** Who is let in by what the environment says, how people sign in, and how many ways there are at all. */
export function peopleAndTools(
  environment: Process["environment"],
  send: typeof fetch,
): { readonly identify: Identify; readonly signIn: SignIn; readonly ways: number } {
  const tokens = readSecret("GONOGO_API_TOKENS", environment) ?? [];
  const issuers = readSecret("GONOGO_ISSUERS", environment) ?? [];
  const ways: IdentityWay[] = [];
  // Tokens of ours before those of identity providers: they have a form of their own.
  if (tokens.length > 0) ways.push(apiTokens(tokens));
  if (issuers.length > 0) ways.push(bearerTokens(issuers, { fetch: send }));
  const signing = issuers.flatMap(({ issuer, signIn }) => (signIn === undefined ? [] : [{ issuer, signIn }]));
  return { identify: identifyBy(ways), signIn: signInBy(signing, send), ways: ways.length };
}
