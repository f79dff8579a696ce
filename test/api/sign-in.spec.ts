import { personId } from "@gonogo/core/actor/schema";
import { fromMillis } from "@gonogo/core/kit/instant";
import { peopleAndTools } from "@gonogo/functions/entry/doors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newStart, openTestProvider, type Started, signInAt, type TestProvider } from "../support/oidc.ts";
import { type Answered, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const PAGE = "http://127.0.0.1:4650/";
const GONOGO = { clientId: "gonogo", redirectUri: PAGE };
const ADA = { id: "ada", name: "Ada L.", groups: ["release-managers", "cooks"] };

let issuer: TestProvider;
let other: TestProvider;
let api: VirtualApi;
beforeAll(async () => {
  const client = {
    redirect_uris: [PAGE],
    client_secret: "a secret of the server's",
    grant_types: ["authorization_code"],
  };
  const clients = [
    { ...client, client_id: "gonogo" },
    { ...client, client_id: "another" },
  ];
  issuer = await openTestProvider([ADA], clients);
  other = await openTestProvider([ADA], clients);
  const signIn = { clientId: "gonogo", clientSecret: client.client_secret, name: "The company" };
  const roleMap = { "release-managers": ["Release Manager"] };
  const known = { speaksFor: { kind: "person" }, rolesClaim: "groups", roleMap };
  const environment = {
    GONOGO_ISSUERS: JSON.stringify([
      { ...known, issuer: issuer.issuer, signIn },
      { ...known, issuer: other.issuer, signIn: { ...signIn, name: "Another" } },
    ]),
  };
  const made = peopleAndTools(environment, fetch);
  // The simulation's clock is its own; tokens are of the day.
  const today = () => fromMillis(Date.now());
  api = await virtualApi({
    identify: (headers) => made.identify(headers, today()),
    signIn: { ways: made.signIn.ways, exchange: (answer) => made.signIn.exchange(answer, today()) },
  });
});
afterAll(async () => {
  await issuer?.close();
  await other?.close();
});

const bodyOf = (response: string, { verifier, state, nonce }: Started, at = issuer) => ({
  issuer: at.issuer,
  response,
  redirectUri: PAGE,
  state,
  nonce,
  verifier,
});
const exchange = (body: unknown): Promise<Answered> => api.ask("POST", "/v1/sign-in", { body });

describe("who signs in on the page", () => {
  it("is told where, and of nothing that is secret", async () => {
    const { status, json, text } = await api.ask("GET", "/v1/sign-in");
    expect(status).toBe(200);
    expect(json.items).toMatchObject([
      {
        issuer: issuer.issuer,
        name: "The company",
        at: {
          authorize: `${issuer.issuer}/auth`,
          clientId: "gonogo",
          scope: "openid profile",
          end: `${issuer.issuer}/session/end`,
        },
      },
      { issuer: other.issuer, name: "Another" },
    ]);
    expect(text).not.toContain("secret");
  });

  it("gets a token for the code, and is known by it by issuer and subject, with the roles of their groups", async () => {
    const start = newStart();
    const response = await signInAt(issuer.issuer, "ada", GONOGO, start);
    const { status, json, headers } = await exchange(bodyOf(response, start));
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    const me = {
      id: personId(issuer.issuer, "ada"),
      name: "Ada L.",
      roles: ["Release Manager"],
      demo: false,
    };
    expect(json.me).toEqual(me);
    const headersOf = { authorization: `Bearer ${json.token}` };
    expect((await api.ask("GET", "/v1/me", { headers: headersOf })).json).toEqual(me);
  });

  it("is another person at another provider, whatever the subject", async () => {
    const start = newStart();
    const response = await signInAt(other.issuer, "ada", GONOGO, start);
    const { json } = await exchange(bodyOf(response, start, other));
    expect(json.me).toMatchObject({ id: personId(other.issuer, "ada") });
  });
});

describe("a sign-in is refused", () => {
  const cases: [string, (response: string, start: Started) => unknown][] = [
    ["with another state", (response, start) => bodyOf(response, { ...start, state: newStart().state })],
    ["without the state", (response, start) => bodyOf(response.replace(/state=[^&]+&?/, ""), start)],
    ["with another nonce", (response, start) => bodyOf(response, { ...start, nonce: newStart().nonce })],
    [
      "with another verifier",
      (response, start) => bodyOf(response, { ...start, verifier: newStart().verifier }),
    ],
    [
      "with a code that is none",
      (response, start) => bodyOf(response.replace(/code=[^&]+/, "code=guessed"), start),
    ],
    [
      "at another address than it was asked from",
      (response, start) => ({ ...bodyOf(response, start), redirectUri: "https://evil.example/" }),
    ],
    ["when the answer is of another issuer (RFC 9207)", (response, start) => bodyOf(response, start, other)],
    [
      "when the answer hides its issuer",
      (response, start) => bodyOf(response.replace(/&?iss=[^&]+/, ""), start),
    ],
    [
      "when the issuer is none of ours",
      (response, start) => ({ ...bodyOf(response, start), issuer: "https://evil.example" }),
    ],
  ];
  it.each(cases)("%s", async (_what, change) => {
    const start = newStart();
    const response = await signInAt(issuer.issuer, "ada", GONOGO, start);
    const { status, json, text } = await exchange(change(response, start));
    expect([status, json.code]).toEqual([401, expect.stringMatching(/^sign-in\.(refused|forged)$/)]);
    expect(json.detail).toContain("sign in again");
    expect(text).not.toContain(start.verifier);
  });

  it("with a code that was used", async () => {
    const start = newStart();
    const response = await signInAt(issuer.issuer, "ada", GONOGO, start);
    expect((await exchange(bodyOf(response, start))).status).toBe(200);
    expect(await exchange(bodyOf(response, start))).toMatchObject({
      status: 401,
      json: { code: "sign-in.refused", detail: expect.stringContaining("was used") },
    });
  });

  it("with a code that another client was given", async () => {
    const start = newStart();
    const response = await signInAt(issuer.issuer, "ada", { ...GONOGO, clientId: "another" }, start);
    expect(await exchange(bodyOf(response, start))).toMatchObject({
      status: 401,
      json: { code: "sign-in.refused" },
    });
  });

  it("to who said no at the provider, and says so", async () => {
    const start = newStart();
    const response = `?error=access_denied&error_description=%3Cscript%3E&state=${start.state}&iss=${encodeURIComponent(issuer.issuer)}`;
    const { status, json, text } = await exchange(bodyOf(response, start));
    expect([status, json.code]).toEqual([403, "sign-in.denied"]);
    expect(text).not.toContain("script");
  });

  it.each<[string, object]>([
    ["a short verifier", { verifier: "x".repeat(42) }],
    ["an empty nonce", { nonce: "" }],
    ["a redirect that is no address", { redirectUri: "javascript:alert(1)" }],
    ["more than it asks for", { clientSecret: "mine" }],
  ])("at once with %s", async (_what, wrong) => {
    const { status } = await exchange({ ...bodyOf("?code=x", newStart()), ...wrong });
    expect(status).toBe(422);
  });

  it("when it is sent as a form, as another site could", async () => {
    const headers = { "content-type": "text/plain" };
    const answer = await api.ask("POST", "/v1/sign-in", { body: bodyOf("?code=x", newStart()), headers });
    expect(answer.status).toBe(415);
  });
});

describe("a provider that is away", () => {
  it("is shown as such, keeps nobody else out, and is worth another try", async () => {
    const gone = await openTestProvider([], []);
    await gone.close();
    const environment = {
      GONOGO_ISSUERS: JSON.stringify([
        { issuer: gone.issuer, speaksFor: { kind: "person" }, signIn: { clientId: "gonogo" } },
        { issuer: issuer.issuer, speaksFor: { kind: "person" }, signIn: { clientId: "gonogo" } },
      ]),
    };
    const { identify, signIn } = peopleAndTools(environment, fetch);
    const alone = await virtualApi({ identify, signIn });
    const { json } = await alone.ask("GET", "/v1/sign-in");
    expect(json.items).toEqual([
      { issuer: gone.issuer, name: new URL(gone.issuer).host },
      expect.objectContaining({ issuer: issuer.issuer, at: expect.anything() }),
    ]);
    const answer = await alone.ask("POST", "/v1/sign-in", { body: bodyOf("?code=x", newStart(), gone) });
    expect(answer).toMatchObject({ status: 503, json: { code: "outside.unavailable" } });
  });
});
