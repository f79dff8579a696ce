import { readFileSync } from "node:fs";
import type { Instant } from "@gonogo/core/kit/instant";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isIdentity } from "./identity.ts";
import { whyNotKeyless } from "./keyless.ts";
import { readTrustedRoot, standingOf, TrustedRootFile } from "./trusted-root.ts";

const pathOf = (name: string) => new URL(`./vectors/${name}.json`, import.meta.url).pathname;
const read = (name: string) => JSON.parse(readFileSync(pathOf(name), "utf8"));
const bundle = (name: string) => read(`${name}.sigstore`);
const root = (name: string) => TrustedRootFile.parse(read(`${name}-root`));

/** What the workflow of Sigstore's conformance tests signs as. */
const WORKFLOW =
  "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER = "https://token.actions.githubusercontent.com";
const WANTED = { identity: WORKFLOW, issuer: ISSUER };
const A_TXT = "a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf";
const D_TXT = "330a043220fa13e01d68a7db39c89e12b0c4c3b6a0346fe624b0903f1303b5b2";

interface Changeable {
  readonly verificationMaterial: { timestampVerificationData?: object };
  readonly dsseEnvelope: { payload: string };
}

/** A bundle with one thing changed in it. */
function changed(name: string, change: (bundle: Changeable) => void): unknown {
  const copy = bundle(name) as Changeable;
  change(copy);
  return copy;
}

describe("a bundle that was signed without a key", () => {
  it.each([
    ["of the public instance", "public-good", "public-good", A_TXT],
    ["of the staging instance, whose time an authority tells", "staging-rekor2", "staging", A_TXT],
    ["of an instance of one's own", "mock", "mock", D_TXT],
  ])("%s holds", (_, name, trust, sha256) => {
    expect(whyNotKeyless(bundle(name), root(trust), WANTED, sha256)).toBeUndefined();
    const pattern = { ...WANTED, identity: WORKFLOW.replace("main", "*") };
    expect(whyNotKeyless(bundle(name), root(trust), pattern, sha256)).toBeUndefined();
  });

  it.each<[string, unknown, string, RegExp, Partial<typeof WANTED>?, string?]>([
    [
      "by somebody else",
      bundle("public-good"),
      "public-good",
      /^it was signed by https:\/\/github\.com\/sigstore-conformance\/.*@refs\/heads\/main, and https:\/\/github\.com\/acme\/shop\/.* was expected$/,
      { identity: "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main" },
    ],
    [
      "by a part of the identity",
      bundle("public-good"),
      "public-good",
      /^it was signed by /,
      { identity: "https://github.com/sigstore-conformance/" },
    ],
    [
      "by a pattern that a slash would have to fill",
      bundle("public-good"),
      "public-good",
      /^it was signed by /,
      { identity: "https://github.com/sigstore-conformance/*" },
    ],
    [
      "vouched for by another",
      bundle("public-good"),
      "public-good",
      /^https:\/\/token\.actions\.githubusercontent\.com vouches for who signed it, and https:\/\/accounts\.google\.com was expected$/,
      { issuer: "https://accounts.google.com" },
    ],
    [
      "about another artefact",
      bundle("public-good"),
      "public-good",
      /about another artefact: a0cfc71271d6…, and 330a043220fa… was expected/,
      {},
      D_TXT,
    ],
    [
      "of an instance that is not trusted",
      bundle("mock"),
      "public-good",
      /^the certificate was issued by .*sigstore\.mock, which is none of the trusted root's; expected .*CN=sigstore.*\(https:\/\/fulcio\.sigstore\.dev\)/,
      {},
      D_TXT,
    ],
    [
      "with a certificate that was not valid yet",
      bundle("mock-expired-certificate"),
      "mock",
      /^it was signed at .* UTC, and the certificate was valid from 2030-01-01 00:00:00 UTC to /,
      {},
      D_TXT,
    ],
    [
      "entered in the log when the certificate was over",
      bundle("mock-set-outside-signing-cert-validity"),
      "mock",
      /^it was signed at .* UTC, and the certificate was valid from 2023-02-01/,
      {},
      D_TXT,
    ],
    [
      "told the time of when the certificate was over",
      bundle("mock-tsa-timestamp-outside-cert-validity"),
      "mock",
      /^it was signed at .* UTC, and the certificate was valid from 2023-02-01/,
      {},
      D_TXT,
    ],
    [
      "without a proof of inclusion",
      bundle("mock-missing-inclusion-proof"),
      "mock",
      /no proof of inclusion/,
      {},
      D_TXT,
    ],
    [
      "with another's log entry",
      bundle("mock-log-entry-mismatch"),
      "mock",
      /^its log entry does not hold/,
      {},
      D_TXT,
    ],
    [
      "with another envelope's entry",
      bundle("public-good-other-entry"),
      "public-good",
      /^its log entry does not hold/,
    ],
    [
      "without a time",
      changed("staging-rekor2", ({ verificationMaterial }) => {
        delete verificationMaterial.timestampVerificationData;
      }),
      "staging",
      /^no time is proved at which it was signed .* the certificate was valid from 2026-05-13/,
    ],
    [
      "whose statement was changed",
      changed("public-good", ({ dsseEnvelope }) => {
        const statement = Buffer.from(dsseEnvelope.payload, "base64").toString("utf8").replace(A_TXT, D_TXT);
        dsseEnvelope.payload = Buffer.from(statement).toString("base64");
      }),
      "public-good",
      /^(its log entry does not hold|the signature is not)/,
      {},
      D_TXT,
    ],
    ["that is none", { mediaType: "text/plain" }, "public-good", /no entry of a transparency log/],
    ["that is nothing", "x", "public-good", /no Sigstore bundle/],
  ])("%s does not", (_, json, trust, why, wanted = {}, sha256 = A_TXT) => {
    expect(whyNotKeyless(json, root(trust), { ...WANTED, ...wanted }, sha256)).toMatch(why);
  });

  it("does not where the root knows no certificate log that signed for it", () => {
    const { ctlogs } = root("staging");
    const other = { ...root("public-good"), ctlogs };
    expect(whyNotKeyless(bundle("public-good"), other, WANTED, A_TXT)).toMatch(
      /^no certificate log of the trusted root vouches for the certificate .* expected https:\/\/ctfe\.sigstage\.dev/,
    );
  });
});

describe("an identity", () => {
  it.each([
    ["https://github.com/a/b@refs/tags/v*", "https://github.com/a/b@refs/tags/v1.2", true],
    ["https://github.com/a/b@refs/tags/v*", "https://github.com/a/b@refs/tags/v1/2", false],
    ["https://github.com/a/b@refs/tags/v*", "https://github.com/a/b@refs/tags/v1\nx", true],
    [
      "https://github.com/a/b@refs/tags/v*",
      "https://evil.example/https://github.com/a/b@refs/tags/v1",
      false,
    ],
    ["https://github.com/a/b", "https://github.com/a/bc", false],
    ["https://github.com/a/b", "https://githubxcom/a/b", false],
    ["release@example.org", "release@example.org.evil.net", false],
  ])("%s and %s", (written, found, is) => expect(isIdentity(written, found)).toBe(is));

  it("without a * is itself and nothing else", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (written, found) => {
        fc.pre(!written.includes("*"));
        expect(isIdentity(written, found)).toBe(written === found);
      }),
    );
  });
});

describe("a trusted root", () => {
  const at = (now: string) => now as Instant;

  it("tells until when it holds, and what ends then", () => {
    expect(standingOf(root("public-good"), at("2026-03-10T00:00:00.000Z"))).toEqual({
      condition: "well",
      says: "it holds until 2031-10-05 13:56:58 UTC, when its last certificate authority ends; its newest part is of 2025-09-23",
    });
  });

  it.each([
    ["2031-09-20T00:00:00.000Z", "warning", /until 2031-10-05/],
    ["2032-01-01T00:00:00.000Z", "ill", /no certificate authority in it is valid any more/],
    ["2020-01-01T00:00:00.000Z", "ill", /no certificate authority/],
  ])("is at %s %s", (now, condition, says) => {
    expect(standingOf(root("public-good"), at(now))).toEqual({
      condition,
      says: expect.stringMatching(says),
    });
  });

  it("is told of where its log has ended", () => {
    const { tlogs, ...rest } = root("public-good");
    const ended = tlogs.map((log) => ({
      ...log,
      publicKey: {
        ...log.publicKey,
        validFor: { start: "2021-01-12T11:53:27Z", end: "2026-01-01T00:00:00Z" },
      },
    }));
    expect(standingOf({ ...rest, tlogs: ended }, at("2026-03-10T00:00:00.000Z")).says).toMatch(
      /no transparency log/,
    );
  });

  it.each([
    ["public-good.sigstore", /is no trusted root: mediaType is of no trusted root/],
    ["none-there", /cannot be read \(ENOENT\)/],
  ])("%s is none", async (name, message) => {
    await expect(readTrustedRoot(pathOf(name))).rejects.toThrow(message);
  });
});
