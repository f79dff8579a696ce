import { personId } from "@gonogo/core/actor/schema";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { hasVectors, vector } from "../signal/vectors.testing.ts";
import { type ApiToken, apiTokens, newApiToken } from "./api-token.ts";
import { bearerTokens, type Issuer } from "./bearer.ts";
import { demoIdentity } from "./demo.ts";
import { identifyBy, isLoopbackHost } from "./index.ts";

const now = "2026-03-01T12:00:00.000Z" as Instant;
const seconds = toMillis(now) / 1000;
const issuer: Issuer = {
  issuer: "https://id.example.org",
  audience: "gonogo",
  jwksUrl: "https://id.example.org/keys",
  speaksFor: { kind: "person" },
  rolesClaim: "groups",
  roleMap: { "release-managers": ["Release Manager"], backend: ["Backend Lead", "On-call"] },
};
const keys = await generateKeyPair("ES256");
const stranger = await generateKeyPair("ES256");
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "ES256" }] };

async function token(
  claims: JWTPayload = {},
  more: { key?: Parameters<SignJWT["sign"]>[0]; alg?: string; kid?: string } = {},
): Promise<string> {
  const standard = { iss: issuer.issuer, aud: "gonogo", sub: "u-17", iat: seconds - 60, exp: seconds + 600 };
  return await new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: more.alg ?? "ES256", kid: more.kid ?? "k1" })
    .sign(more.key ?? keys.privateKey);
}

const serving: typeof fetch = async () => Response.json(jwks);

async function identify(jwt: string, change: Partial<Issuer> = {}, send = serving, when = now) {
  const way = bearerTokens([{ ...issuer, ...change }], { fetch: send });
  return await identifyBy([way])(new Headers({ authorization: `Bearer ${jwt}` }), when);
}

describe("a bearer token", () => {
  it("is a person by issuer and subject, with the roles that their groups stand for", async () => {
    const jwt = await token({ name: "Ada L.", email: "ada@example.org", groups: ["backend", "cooks"] });
    expect(await identify(jwt)).toEqual({
      ok: true,
      actor: { kind: "person", id: personId(issuer.issuer, "u-17"), roles: ["Backend Lead", "On-call"] },
      name: "Ada L.",
    });
  });

  it("brings its roles by their own names where no map is given", async () => {
    const { roleMap: _, ...unmapped } = issuer;
    const way = bearerTokens([unmapped], { fetch: serving });
    const headers = new Headers({ authorization: `Bearer ${await token({ groups: "CTO" })}` });
    expect(await identifyBy([way])(headers, now)).toMatchObject({ actor: { roles: ["CTO"] } });
  });

  it("holds as long as it says, and half a minute for clocks that differ", async () => {
    const jwt = await token();
    const after = (s: number) => fromMillis((seconds + 600 + s) * 1000);
    expect(await identify(jwt, {}, serving, after(29))).toMatchObject({ ok: true });
    expect(await identify(jwt, {}, serving, after(31))).toMatchObject({
      status: 401,
      message: expect.stringMatching(/expired/),
    });
  });

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: issuer.issuer, aud: "gonogo", sub: "root", exp: seconds + 600 };
  const publicAsSecret = new TextEncoder().encode(JSON.stringify(jwks.keys[0]));
  const forged: [string, () => string | Promise<string>, RegExp][] = [
    ["signed by another key", () => token({}, { key: stranger.privateKey }), /not validly signed/],
    ["signed by a key that is not served", () => token({}, { kid: "k9" }), /not validly signed/],
    ["for another audience", () => token({ aud: "somebody-else" }), /aud claim/],
    ["of a stranger", () => token({ iss: "https://evil.example" }), /issuer is not one/],
    ["not valid yet", () => token({ nbf: seconds + 300 }), /nbf claim/],
    ["without an end", () => token({ exp: undefined as never }), /exp claim/],
    ["without a subject", () => token({ sub: undefined as never }), /sub claim/],
    [
      "signed with the public key as a secret",
      () => token({}, { alg: "HS256", key: publicAsSecret }),
      /not validly/,
    ],
    ["without a signature", () => `${part({ alg: "none" })}.${part(claims)}.`, /not validly signed/],
    ["changed", async () => (await token()).replace(/\.[^.]+\./, `.${part(claims)}.`), /not validly signed/],
    ["no JWT at all", () => "abcdefghijkl", /not a JWT/],
  ];
  it.each(forged)("%s is nobody", async (_what, make, message) => {
    const jwt = await make();
    const answer = await identify(jwt);
    expect(answer).toMatchObject({ ok: false, status: 401, message: expect.stringMatching(message) });
    expect(JSON.stringify(answer)).not.toContain(jwt.slice(0, 12));
  });

  it("lets nobody in while the keys cannot be read, and says that it may be tried again", async () => {
    const jwt = await token();
    await expect(identify(jwt, {}, async () => new Response("", { status: 500 }))).rejects.toMatchObject({
      retryable: true,
    });
    await expect(
      identify(jwt, {}, () => Promise.reject(new TypeError("fetch failed"))),
    ).rejects.toMatchObject({ retryable: true });
  });

  it("of a tool must have the claims that are required of it", async () => {
    const tool: Partial<Issuer> = {
      speaksFor: { kind: "tool", name: "github-actions" },
      roles: ["Release Manager"],
      require: { repository_id: "1339936803", ref: "refs/heads/main" },
    };
    const good = await token({ repository_id: "1339936803", ref: "refs/heads/main" });
    expect(await identify(good, tool)).toMatchObject({
      ok: true,
      actor: { kind: "tool", id: "github-actions", roles: ["Release Manager"] },
    });
    const other = await token({ repository_id: "1339936803", ref: "refs/heads/fork" });
    expect(await identify(other, tool)).toMatchObject({ status: 403, message: expect.stringMatching(/ref/) });
  });
});

describe.skipIf(!hasVectors)("GitHub's recorded claims (shared/vectors, skipped without it)", () => {
  const claims = hasVectors ? JSON.parse(vector("github-actions-oidc-claims.json")) : { iat: 0, exp: 0 };
  const github: Partial<Issuer> = {
    issuer: claims.iss,
    audience: claims.aud,
    speaksFor: { kind: "tool", name: "ci" },
    roles: ["CI"],
    require: { repository_id: claims.repository_id },
  };
  const then = fromMillis((Number(claims.iat) + 10) * 1000);

  it("are a tool while they hold, and nobody five minutes later", async () => {
    const jwt = await token(claims);
    expect(await identify(jwt, github, serving, then)).toMatchObject({
      actor: { kind: "tool", id: "ci", roles: ["CI"] },
    });
    const late = fromMillis((Number(claims.exp) + 60) * 1000);
    expect(await identify(jwt, github, serving, late)).toMatchObject({ status: 401 });
  });

  it("of another repository are refused", async () => {
    const jwt = await token({ ...claims, repository_id: "1" });
    expect(await identify(jwt, github, serving, then)).toMatchObject({ status: 403 });
  });
});

describe("an API token", () => {
  const made = newApiToken();
  const old = newApiToken();
  const tokens: ApiToken[] = [
    { name: "ci", sha256: made.sha256, roles: ["CI"] },
    { name: "old", sha256: old.sha256, roles: ["CI"], expiresAt: now },
  ];
  const ask = (given: string) =>
    identifyBy([apiTokens(tokens), bearerTokens([issuer], { fetch: serving })])(
      new Headers({ authorization: `Bearer ${given}` }),
      now,
    );

  it("is a tool by the name it was given", async () => {
    expect(await ask(made.token)).toEqual({
      ok: true,
      actor: { kind: "tool", id: "ci", roles: ["CI"] },
      name: "ci",
    });
  });

  it("that is unknown or has run out is nobody; its hash is no token", async () => {
    expect(await ask(newApiToken().token)).toMatchObject({
      status: 401,
      message: expect.stringMatching(/not known/),
    });
    expect(await ask(old.token)).toMatchObject({ status: 401, message: expect.stringMatching(/expired/) });
    expect(await ask(`gonogo_${made.sha256}`)).toMatchObject({ status: 401 });
    expect(await ask(`${made.token}x`)).toMatchObject({ status: 401 });
  });

  it("leaves a JWT to the way for JWTs", async () => {
    expect(await ask(await token())).toMatchObject({ ok: true, actor: { kind: "person" } });
  });

  it("is not configured with anything but a hash", () => {
    expect(() => apiTokens([{ name: "ci", sha256: "secret", roles: [] }])).toThrow(/64 hex digits/);
  });
});

describe("a stand-in", () => {
  const way = demoIdentity([
    { id: "ada", name: "Ada", roles: ["CTO"] },
    { id: "ben", name: "Ben", roles: [] },
  ]);
  const ask = (headers: Record<string, string>) => identifyBy([way])(new Headers(headers), now);
  const host = "localhost:4000";

  it.each([
    { authorization: "Demo ada" },
    { cookie: "theme=dark; gonogo_person=ada" },
    { authorization: "Demo ada", cookie: "gonogo_person=ben" },
  ])("is who they say: %j", async (headers) => {
    const actor = { kind: "person", id: personId("demo", "ada"), roles: ["CTO"], standIn: true };
    expect(await ask({ host, ...headers } as Record<string, string>)).toEqual({
      ok: true,
      actor,
      name: "Ada",
    });
  });

  it.each([undefined, "gonogo.example.org", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.7:4000"])(
    "is nobody to %s",
    async (wrong) => {
      const headers = { authorization: "Demo ada", ...(wrong === undefined ? {} : { host: wrong }) };
      expect(await ask(headers)).toMatchObject({ ok: false, status: 403 });
    },
  );

  it("that nobody knows, and a request that says nothing, are answered with who there is", async () => {
    expect(await ask({ host, authorization: "Demo eve" })).toMatchObject({
      status: 401,
      message: expect.stringMatching(/ada and ben/),
    });
    expect(await ask({ host })).toMatchObject({ status: 401, message: expect.stringMatching(/Demo ada/) });
    expect(await ask({ host, authorization: "Bearer x", cookie: "gonogo_person=ada" })).toMatchObject({
      status: 401,
    });
  });

  it.each([
    ["localhost", true],
    ["LOCALHOST:80", true],
    ["127.0.0.1:4000", true],
    ["[::1]:4000", true],
    ["[::2]", false],
    ["localhost.", false],
    ["", false],
  ])("the host %j is this machine: %s", (name, expected) => expect(isLoopbackHost(name)).toBe(expected));
});

describe("what a job's claims give", () => {
  const github: Issuer = {
    issuer: issuer.issuer,
    audience: "gonogo",
    jwksUrl: "https://id.example.org/keys",
    speaksFor: { kind: "tool", name: "github" },
    grants: [
      { when: { repository_id: "74" }, name: "orders", scopes: ["release:read"] },
      {
        when: { repository_id: "74", ref: ["refs/heads/main", "refs/tags/v*"], environment: "production" },
        roles: ["Release Manager"],
        scopes: ["release:write"],
      },
      { when: { repository_id: "75" }, name: "billing", roles: ["QA"] },
    ],
  };
  const job = { repository_id: "74", ref: "refs/heads/main", environment: "production" };

  it.each<[string, JWTPayload, object]>([
    [
      "all that fit, together",
      job,
      { actor: { id: "orders", roles: ["Release Manager"] }, scopes: ["release:read", "release:write"] },
    ],
    ["for a tag as well", { ...job, ref: "refs/tags/v3.4" }, { actor: { roles: ["Release Manager"] } }],
    [
      "less from a branch",
      { ...job, ref: "refs/heads/x" },
      { actor: { roles: [] }, scopes: ["release:read"] },
    ],
    ["less from a pull request", { ...job, ref: "refs/pull/9/merge" }, { actor: { roles: [] } }],
    ["less for another environment", { ...job, environment: "staging" }, { actor: { roles: [] } }],
    ["less without one", { repository_id: "74", ref: "refs/heads/main" }, { actor: { roles: [] } }],
    ["a number as its digits", { repository_id: 75 as never }, { actor: { id: "billing", roles: ["QA"] } }],
  ])("is %s", async (_what, claims, expected) => {
    const who = await identify(await token(claims), github);
    expect(who).toMatchObject({ ok: true, ...expected });
    expect(who.ok && "scopes" in who).toBe(claims.repository_id === "74");
  });

  it.each<[string, JWTPayload]>([
    ["another repository", { ...job, repository_id: "746" }],
    ["no repository", { ref: "refs/heads/main" }],
    ["a list of repositories", { ...job, repository_id: ["74"] as never }],
    ["one that only begins so", { ...job, repository_id: "74*" }],
  ])("is nothing for %s", async (_what, claims) => {
    expect(await identify(await token(claims), github)).toMatchObject({
      ok: false,
      status: 403,
      who: "github",
    });
  });

  it("is by the audience, where one issuer is there for two", async () => {
    const audiences = ["gonogo", "gonogo-staging"];
    const issuers: Issuer[] = audiences.map((audience) => ({
      ...issuer,
      audience,
      speaksFor: { kind: "tool", name: audience },
    }));
    for (const aud of audiences) {
      const headers = new Headers({ authorization: `Bearer ${await token({ aud })}` });
      const who = await identifyBy([bearerTokens(issuers, { fetch: serving })])(headers, now);
      expect(who).toMatchObject({ ok: true, name: aud });
    }
  });
});
