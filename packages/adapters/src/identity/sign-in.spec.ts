import type { Instant } from "@gonogo/core/kit/instant";
import { fromMillis } from "@gonogo/core/kit/instant";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { bearerTokens, type Issuer } from "./bearer.ts";
import { identifyBy } from "./index.ts";
import { signInBy } from "./sign-in.ts";

const ISSUER = "https://id.example.org/tenant";
const keys = await generateKeyPair("ES256");
const stranger = await generateKeyPair("ES256");
const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "ES256" };
const now = fromMillis(Math.floor(Date.now() / 1000) * 1000);
const seconds = Date.parse(now) / 1000;
const client = { clientId: "gonogo" };
const nonce = "n".repeat(43);
const state = "s".repeat(43);
const metadata = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
  id_token_signing_alg_values_supported: ["ES256"],
};
const standard = { iss: ISSUER, aud: "gonogo", sub: "u-1", nonce, iat: seconds, exp: seconds + 300 };

const signed = (claims: JWTPayload, key = keys.privateKey, alg = "ES256") =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: "k1" }).sign(key);
const unsigned = (claims: JWTPayload, alg: string) =>
  [{ alg }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".")
    .concat(".");

interface Asked {
  readonly url: string;
  readonly headers: Headers;
  readonly form: URLSearchParams;
}

/** A provider that says what it is told to. */
function provider(answer: () => Promise<unknown> | unknown, said: object = metadata) {
  const asked: Asked[] = [];
  const send: typeof fetch = async (input, init) => {
    const url = String(input);
    asked.push({
      url,
      headers: new Headers(init?.headers),
      form: new URLSearchParams(String(init?.body ?? "")),
    });
    if (url === `${ISSUER}/.well-known/openid-configuration`) return Response.json(said);
    if (url === `${ISSUER}/keys`) return Response.json({ keys: [jwk] });
    const given = await answer();
    return given instanceof Response ? given : Response.json(given);
  };
  return { send, asked };
}

const withToken = (token: string) => ({ access_token: "a", token_type: "Bearer", id_token: token });

async function signIn(
  answer: () => Promise<unknown> | unknown,
  more: { said?: object; signIn?: object; response?: string; when?: Instant } = {},
) {
  const { send, asked } = provider(answer, more.said);
  const issuer = { issuer: ISSUER, signIn: { ...client, ...more.signIn } };
  const request = {
    issuer: ISSUER,
    response: more.response ?? `?code=c&state=${state}`,
    redirectUri: "https://gonogo.example.org/",
    state,
    nonce,
    verifier: "v".repeat(43),
  };
  const traded = await signInBy([issuer], send).exchange(request, more.when ?? now);
  return { traded, asked, issuer, send };
}

/** Both halves of signing in: the code's exchange, and the token as every request brings it. */
async function whole(token: string): Promise<number> {
  const { traded, issuer, send } = await signIn(() => withToken(token));
  if (!traded.ok) return traded.status;
  const known: Issuer = { ...issuer, speaksFor: { kind: "person" } };
  const headers = new Headers({ authorization: `Bearer ${traded.token}` });
  const who = await identifyBy([bearerTokens([known], { fetch: send })])(headers, now);
  return who.ok ? 200 : who.status;
}

describe("an ID token", () => {
  it("that is right lets in", async () => {
    expect(await whole(await signed(standard))).toBe(200);
  });

  it.each<[string, () => Promise<string> | string]>([
    ["for another client", () => signed({ ...standard, aud: "another" })],
    [
      "for several, of which another asked",
      () => signed({ ...standard, aud: ["gonogo", "another"], azp: "another" }),
    ],
    ["that another asked for", () => signed({ ...standard, azp: "another" })],
    ["that has expired", () => signed({ ...standard, iat: seconds - 600, exp: seconds - 31 })],
    ["of another issuer", () => signed({ ...standard, iss: "https://evil.example" })],
    ["of another tenant", () => signed({ ...standard, iss: "https://id.example.org/other" })],
    ["with another nonce", () => signed({ ...standard, nonce: "m".repeat(43) })],
    ["without a nonce", () => signed({ ...standard, nonce: undefined as never })],
    ["of nobody", () => signed({ ...standard, sub: undefined as never })],
    ["signed by a stranger", () => signed(standard, stranger.privateKey)],
    ["with the algorithm none", () => unsigned(standard, "none")],
    ["with the algorithm NONE", () => unsigned(standard, "NONE")],
    [
      "whose signature is an HMAC of the public key",
      () => new SignJWT(standard).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(JSON.stringify(jwk))),
    ],
    [
      "whose claims were changed",
      async () => {
        const [head, , tail] = (await signed(standard)).split(".");
        return [
          head,
          Buffer.from(JSON.stringify({ ...standard, sub: "u-2" })).toString("base64url"),
          tail,
        ].join(".");
      },
    ],
    ["that is none", () => "token"],
  ])("%s does not", async (_what, token) => {
    expect(await whole(await token())).toBe(401);
  });

  it.each([
    [-29, true],
    [-45, false],
  ])("that expired %d s ago, by a clock that may be wrong, is let in: %s", async (at, isLetIn) => {
    const token = await signed({ ...standard, iat: seconds - 300, exp: seconds + at });
    expect((await whole(token)) === 200).toBe(isLetIn);
  });
});

describe("a provider", () => {
  it("is asked with the verifier, and with the client's secret as it takes it", async () => {
    const token = await signed(standard);
    const basic = await signIn(() => withToken(token), { signIn: { clientSecret: "hush hush" } });
    const { headers, form } = basic.asked.at(-1) ?? {};
    expect(headers?.get("authorization")).toMatch(/^Basic /);
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      grant_type: "authorization_code",
      code: "c",
      code_verifier: "v".repeat(43),
      redirect_uri: "https://gonogo.example.org/",
    });
    const said = { ...metadata, token_endpoint_auth_methods_supported: ["client_secret_post"] };
    const post = await signIn(() => withToken(token), { signIn: { clientSecret: "hush" }, said });
    expect(post.asked.at(-1)?.form.get("client_secret")).toBe("hush");
    const open = await signIn(() => withToken(token));
    expect(open.asked.at(-1)?.form.has("client_secret")).toBe(false);
    expect(open.asked.at(-1)?.form.get("client_id")).toBe("gonogo");
  });

  it.each<[string, () => unknown]>([
    ["no ID token", () => ({ access_token: "a", token_type: "Bearer" })],
    ["a page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
    ["nothing", () => new Response(null)],
  ])("that answers with %s signs nobody in", async (_what, answer) => {
    expect((await signIn(answer)).traded).toMatchObject({ ok: false, status: 401 });
  });

  it("that has trouble, or says it is somebody else, is one that is away", async () => {
    await expect(signIn(() => new Response("no", { status: 502 }))).rejects.toMatchObject({
      retryable: true,
    });
    const said = { ...metadata, issuer: "https://evil.example" };
    await expect(signIn(() => ({}), { said })).rejects.toMatchObject({ retryable: true });
    const sent = signIn(() => {
      throw new Error("no route");
    });
    await expect(sent).rejects.toMatchObject({ name: "OutsideError", retryable: true });
  });

  it("is taken to be as it was when it cannot be asked again", async () => {
    let isAway = false;
    const token = await signed(standard);
    const { send } = provider(() => withToken(token));
    const way = signInBy([{ issuer: ISSUER, signIn: client }], async (input, init) => {
      if (isAway) throw new Error("no route");
      return await send(input, init);
    });
    const [before] = await way.ways();
    isAway = true;
    expect(await way.ways()).toEqual([before]);
    expect(before?.at?.authorize).toBe(`${ISSUER}/authorize`);
  });

  it("that says an error says it in its own code, and nothing else reaches anybody", async () => {
    const response = `?error=%3Cb%3E&error_description=call+0900&state=${state}`;
    const { traded } = await signIn(() => ({}), { response });
    expect(traded).toEqual({
      ok: false,
      status: 403,
      code: "sign-in.denied",
      message: "the provider answered an error; sign in again",
    });
  });
});
