import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { type ClientMetadata, Provider } from "oidc-provider";

export interface Account {
  /** What one types at the provider, and its subject. */
  readonly id: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** A real OpenID Connect provider on loopback, with its own form to sign in by. */
export interface TestProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

/** Opens a provider that knows these people and clients. Any password is right. */
export async function openTestProvider(
  accounts: readonly Account[],
  clients: readonly ClientMetadata[],
  seconds: { readonly idToken?: number } = {},
): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: "one", alg: "ES256", use: "sig" };
  let provider: Provider | undefined;
  const server: Server = createServer((request, response) => {
    void provider?.callback()(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told = console.warn;
  // Its form is for trying out, which it says on the console.
  console.warn = () => {};
  try {
    provider = new Provider(issuer, {
      clients: clients.map((client) => ({ id_token_signed_response_alg: "ES256", ...client })),
      jwks: { keys: [key] } as never,
      cookies: { keys: [randomBytes(16).toString("hex")] },
      claims: { openid: ["sub"], profile: ["name", "groups"] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
      ttl: {
        IdToken: seconds.idToken ?? 300,
        AuthorizationCode: 60,
        Interaction: 300,
        Session: 600,
        Grant: 600,
        AccessToken: 300,
      },
      findAccount: (_context, id) => {
        const found = accounts.find((one) => one.id === id);
        if (found === undefined) return undefined;
        return { accountId: id, claims: () => ({ sub: id, name: found.name, groups: [...found.groups] }) };
      },
    });
  } finally {
    console.warn = told;
  }
  return {
    issuer,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What the page makes before it sends somebody to the provider. */
export interface Started {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export function newStart(): Started {
  const random = () => randomBytes(32).toString("base64url");
  return { verifier: random(), state: random(), nonce: random() };
}

/** Signs somebody in at the provider by its form, as a browser does. The query that it sends the browser back with. */
export async function signInAt(
  issuer: string,
  who: string,
  client: { readonly clientId: string; readonly redirectUri: string },
  { verifier, state, nonce }: Started,
): Promise<string> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: "openid profile",
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const cookies = new Map<string, string>();
  let form: URLSearchParams | undefined;
  let url = new URL(`${issuer}/auth?${query}`);
  for (let step = 0; step < 20; step++) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const init: RequestInit = form === undefined ? { headers } : { method: "POST", body: form, headers };
    const response = await fetch(url, { ...init, redirect: "manual" });
    form = undefined;
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const next = response.headers.get("location");
    const text = await response.text();
    if (next !== null) {
      url = new URL(next, url);
      if (url.href.startsWith(`${client.redirectUri}?`)) return url.search;
    } else if (response.ok) {
      form = new URLSearchParams(
        text.includes('value="login"')
          ? { prompt: "login", login: who, password: "any" }
          : { prompt: "consent" },
      );
    } else throw new Error(`the provider answered ${response.status}: ${text.slice(0, 500)}`);
  }
  throw new Error("the provider goes round in circles");
}
