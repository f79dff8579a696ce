import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Look } from "@gonogo/core/check/port";
import type { Instant } from "@gonogo/core/kit/instant";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, it } from "vitest";
import { ArtifactCheck } from "./index.ts";
import { whyNotAttested } from "./sigstore.ts";

const NOW = "2026-03-10T02:00:00.000Z" as Instant;
const BYTES = Buffer.from("what was built");
const SHA = createHash("sha256").update(BYTES).digest("hex");
const OTHER = createHash("sha256").update("another").digest("hex");
const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const strangers = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
const STRANGE = strangers.publicKey.export({ type: "spki", format: "pem" }).toString();

/** A bundle as cosign writes it with a key: an in-toto statement in a DSSE envelope. */
function bundle(sha256: string, key = keys.privateKey, payloadType = "application/vnd.in-toto+json"): object {
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "api.zip", digest: { sha256 } }],
    }),
  );
  const pae = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: "release" }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType,
      signatures: [{ sig: sign("sha256", pae, key).toString("base64"), keyid: "release" }],
    },
  };
}

const FILES: Record<string, () => Response> = {
  "/api.zip": () => new Response(BYTES),
  "/api.sig": () => new Response(`${sign("sha256", BYTES, keys.privateKey).toString("base64")}\n`),
  "/other.sig": () => new Response(sign("sha256", Buffer.from("x"), keys.privateKey).toString("base64")),
  "/api.sigstore.json": () => Response.json(bundle(SHA)),
  "/other.sigstore.json": () => Response.json(bundle(OTHER)),
  "/moved.zip": () => new Response("", { status: 302, headers: { location: "http://169.254.169.254/" } }),
};

function look(
  probe: object,
  code: string | undefined = SHA,
  more: { readonly trustedRoot?: string } = {},
): Promise<Look> {
  const outbound = {
    fetch: (async (input: string | URL | Request) =>
      FILES[new URL(String(input)).pathname]?.() ?? new Response("", { status: 404 })) as typeof fetch,
    resolve: async () => ["93.184.216.34"],
    hosts: ["builds.example.org"],
    now: () => NOW,
  };
  const check = new ArtifactCheck({
    ...more,
    outbound,
    codeOf: async (target, version) =>
      target.kind === "lambda-alias" && target.function === "api" && version === "8" ? code : undefined,
  });
  const whole = { kind: "artifact", sha256: SHA, ...probe };
  return check.look({ probe: whole, plan: samplePlan(), now: NOW } as never);
}

const at = (path: string) => `https://builds.example.org/${path}`;
const https = (path: string, signature?: object) => ({
  source: { kind: "https", url: at(path) },
  ...(signature === undefined ? {} : { signature }),
});
const lambda = (signature?: object) => ({
  source: { kind: "lambda", component: "api" },
  ...(signature === undefined ? {} : { signature }),
});
const ecdsa = (path: string, publicKey = PEM) => ({ kind: "ecdsa", signature: at(path), publicKey });
const sigstore = (path: string, publicKey = PEM) => ({ kind: "sigstore", bundle: at(path), publicKey });

describe("an artefact", () => {
  it.each([
    ["the code of a Lambda version", lambda(), "yes", /SHA-256 is/],
    ["other bytes", { ...https("api.zip"), sha256: OTHER }, "no", /not/],
    ["these bytes", https("api.zip"), "yes", /SHA-256 is/],
    ["with its signature", https("api.zip", ecdsa("api.sig")), "yes", /signed it/],
    ["with the signature of others", https("api.zip", ecdsa("other.sig")), "no", /not by that key/],
    ["with another's key", https("api.zip", ecdsa("api.sig", STRANGE)), "no", /not by that key/],
    ["without its signature", https("api.zip", ecdsa("none.sig")), "unknown", /404/],
    ["of a Lambda, attested", lambda(sigstore("api.sigstore.json")), "yes", /attested/],
    ["attested by another key", lambda(sigstore("api.sigstore.json", STRANGE)), "no", /not by that key/],
    ["attested, but another", lambda(sigstore("other.sigstore.json")), "no", /another artefact/],
    ["of a Lambda with a plain signature", lambda(ecdsa("api.sig")), "unknown", /Sigstore/],
    ["that is gone", https("gone.zip"), "unknown", /404/],
    ["that has moved inside", https("moved.zip"), "unknown", /302/],
    ["elsewhere", { source: { kind: "https", url: "https://evil.example.net/a" } }, "unknown", /not among/],
    ["of a component that is none", { source: { kind: "lambda", component: "app" } }, "unknown", /no Lambda/],
  ] as [string, object, string, RegExp][])("%s", async (_, probe, answer, detail) => {
    const seen = await look(probe);
    expect(seen.answer).toBe(answer);
    expect(seen.saw.detail).toMatch(detail);
  });

  it("of a version whose code is not what was built is none", async () => {
    expect(await look(lambda(), OTHER)).toMatchObject({ answer: "no", saw: { digest: `sha256:${OTHER}` } });
  });
});

describe("an artefact that was signed without a key", () => {
  const at_ = (name: string) => new URL(`./vectors/${name}`, import.meta.url).pathname;
  const sha256 = "a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf";
  const signature = {
    kind: "keyless",
    bundle: at("public-good.sigstore.json"),
    identity:
      "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/*@refs/heads/main",
    issuer: "https://token.actions.githubusercontent.com",
  };
  const trustedRoot = at_("public-good-root.json");
  FILES["/public-good.sigstore.json"] = () => new Response(readFileSync(at_("public-good.sigstore.json")));

  it.each<[string, object, string, RegExp, { readonly trustedRoot?: string }?]>([
    [
      "by whom the plan names",
      {},
      "yes",
      /and https:\/\/github\.com\/.* has attested to it, as https:\/\/token/,
    ],
    [
      "by another",
      { identity: "me@example.org" },
      "no",
      /^it was signed by https.*and me@example\.org was expected/,
    ],
    ["where the deployment trusts nobody", {}, "unknown", /GONOGO_SIGSTORE_ROOT names its file/, {}],
    ["where the root is gone", {}, "unknown", /cannot be read \(ENOENT\)/, { trustedRoot: at_("gone.json") }],
  ])("%s", async (_, wanted, answer, detail, more = { trustedRoot }) => {
    const probe = { ...lambda({ ...signature, ...wanted }), sha256 };
    const seen = await look(probe, sha256, more);
    expect([seen.answer, seen.saw.detail]).toEqual([answer, expect.stringMatching(detail)]);
  });
});

describe("an attestation", () => {
  it.each([
    ["nothing", {}, "no Sigstore bundle"],
    ["of another form", bundle(SHA, keys.privateKey, "text/plain"), "text/plain"],
    [
      "changed after it was signed",
      {
        ...bundle(SHA),
        dsseEnvelope: {
          ...(bundle(OTHER) as { dsseEnvelope: object }).dsseEnvelope,
          payload: (bundle(SHA) as { dsseEnvelope: { payload: string } }).dsseEnvelope.payload,
        },
      },
      "not by that key",
    ],
  ])("%s", (_, json, why) => expect(whyNotAttested(json, PEM, SHA)).toContain(why));
});
