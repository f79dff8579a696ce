import type { SignInRequest, SignInWay } from "@gonogo/client";

/** What the page remembers while somebody is at their identity provider, in this tab alone. */
interface Begun {
  readonly request: Omit<SignInRequest, "response">;
  /** Where in the page they were. */
  readonly back: string;
}

const KEY = "gonogo.sign-in";

/** Where this page is, without what comes behind it: providers are told to send people back there. */
const here = (): string => location.origin + location.pathname;

/** Sends the browser to a provider, with a challenge that only this tab can answer (RFC 7636). */
export async function goToProvider({ issuer, at }: SignInWay): Promise<void> {
  if (at === undefined) return;
  const [state, nonce, verifier] = [random(), random(), random()] as const;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const redirectUri = here();
  const begun: Begun = { request: { issuer, redirectUri, state, nonce, verifier }, back: location.hash };
  sessionStorage.setItem(KEY, JSON.stringify(begun));
  leaveFor(at.authorize, {
    response_type: "code",
    client_id: at.clientId,
    redirect_uri: redirectUri,
    scope: at.scope,
    state,
    nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
}

/** Signs out of the provider as well. The token is not sent along: it would stay in the browser's history. */
export function leaveProvider(end: string, clientId: string): void {
  leaveFor(end, { client_id: clientId, post_logout_redirect_uri: here() });
}

/**
 * What a provider has sent the browser back with; undefined where it has not. The code is taken out of the address
 * and of the history at once, and the page is where it was. `"lost"`: nobody in this tab has asked for it.
 */
export function takeAnswer(): SignInRequest | "lost" | undefined {
  const { search } = location;
  if (!/[?&](code|error)=/.test(search)) return undefined;
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  const begun = text === null ? undefined : (JSON.parse(text) as Begun);
  history.replaceState(null, "", location.pathname + (begun?.back ?? location.hash));
  return begun === undefined ? "lost" : { ...begun.request, response: search };
}

/** What the provider's address has already stays in it. */
function leaveFor(address: string, parameters: Readonly<Record<string, string>>): void {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
}

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (one) => ({ "+": "-", "/": "_" })[one] ?? "");
