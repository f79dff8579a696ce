import { LocalSigner, newPrivateKey } from "@gonogo/adapters/kms/local";
import { adapterFor } from "@gonogo/adapters/targets";
import { isSigned, toBase64 } from "@gonogo/core/audit/signature";
import { afterEach, describe, expect, it, vi } from "vitest";
import { channel } from "./parts/channel.ts";
import { metrics } from "./parts/metrics.ts";
import { signer } from "./parts/signer.ts";
import { targets } from "./parts/targets.ts";
import { trustedKey } from "./parts/trusted-key.ts";
import { type Process, runtimeOf } from "./runtime.ts";
import type { Secret } from "./secrets.ts";

const LOG = { info: () => {}, warn: () => {}, error: () => {} };
const MESSAGE = { key: "R/m", release: "R", audience: "All", text: "hello" };

/** A function that was given these secrets; what is no text is written as JSON. */
function processWith(secrets: Partial<Record<Secret, unknown>>): Process {
  const given = Object.entries(secrets).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const environment = { AWS_REGION: "eu-west-1", GONOGO_ACCOUNTS: "[]", ...Object.fromEntries(given) };
  return runtimeOf("put-back-alone", { targets }, environment, LOG).process;
}

describe("targets", () => {
  const alias = { kind: "lambda-alias", function: "orders", alias: "live", version: "2" } as const;
  const app = { kind: "app-store", version: "newest" } as const;

  it("a store that is not set up is said to be so, and the aliases are there", () => {
    const made = targets(processWith({}));
    expect(adapterFor(made, alias)).toBeDefined();
    expect(() => adapterFor(made, app)).toThrow("not set up for app-store");
  });

  it("a store's key that is wrong keeps no alias from being put back", () => {
    const made = targets(processWith({ GONOGO_APP_STORE: "{", GONOGO_GOOGLE_PLAY: { clientEmail: 1 } }));
    expect(adapterFor(made, alias)).toBeDefined();
    expect(() => adapterFor(made, app)).toThrow("GONOGO_APP_STORE is not JSON");
    expect(() => adapterFor(made, { kind: "google-play", track: "production", version: "1" })).toThrow(
      "GONOGO_GOOGLE_PLAY: clientEmail is not of the type string",
    );
  });

  it("are made once", () => {
    const made = targets(processWith({}));
    expect(made["lambda-alias"]).toBe(made["lambda-alias"]);
  });
});

describe("the audit's key", () => {
  const pem = newPrivateKey();
  const named = async (key: string) => toBase64(await new LocalSigner(key).publicKey());
  const checkpoint = (GONOGO_AUDIT_KEY: string, privateKey?: string) =>
    runtimeOf(
      "audit",
      {
        anchors: () => undefined as never,
        copies: () => undefined as never,
        store: () => undefined as never,
        trustedKey,
        trustedKeyBefore: () => async () => undefined,
      },
      {
        AWS_REGION: "eu-west-1",
        GONOGO_TABLE: "gonogo-releases",
        GONOGO_EVIDENCE_BUCKET: "gonogo-evidence",
        GONOGO_AUDIT_KEY,
        GONOGO_AUDIT_KEY_BEFORE: "none",
        ...(privateKey === undefined ? {} : { GONOGO_AUDIT_SIGNING_KEY: JSON.stringify({ privateKey }) }),
      },
      LOG,
    ).process;

  it("that is a secret signs, and who knows its public half alone can tell", async () => {
    const process = checkpoint(await named(pem), pem);
    const message = new TextEncoder().encode("a checkpoint");
    const made = signer(process);
    const signature = await made.sign(message);
    const trusted = await trustedKey(checkpoint(await named(pem))).publicKey();
    expect(await isSigned(trusted, message, signature)).toBe(true);
    expect(await made.publicKey()).toEqual(trusted);
  });

  it("that is missing, or another than is trusted, signs nothing and says so", async () => {
    const key = await named(pem);
    expect(() => signer(checkpoint(key))).toThrow("GONOGO_AUDIT_SIGNING_KEY is not set");
    await expect(signer(checkpoint(key, newPrivateKey())).publicKey()).rejects.toThrow("another key");
  });

  it("of KMS is asked of KMS, whatever secret is there besides", async () => {
    const process = checkpoint("arn:aws:kms:eu-west-1:123456789012:alias/gonogo-audit", pem);
    const refuse = async () => {
      throw new Error("KMS was asked");
    };
    const aws = { ...process.aws, requestHandler: { handle: refuse }, maxAttempts: 1 };
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    const asked = { ...process, aws: { ...aws, credentials } as typeof process.aws };
    await expect(signer(asked).publicKey()).rejects.toThrow("KMS was asked");
    await expect(trustedKey(asked).publicKey()).rejects.toThrow("KMS was asked");
  });
});

describe("metrics", () => {
  it("of a source that is not set up are refused, those of the others are not", async () => {
    const reader = metrics(processWith({}));
    const metric = { id: "m", name: "M", threshold: "< 1 %", owner: "QA" };
    const request = { metric: { ...metric, source: { kind: "sentry", field: "f" } } };
    await expect(reader.read(request as never)).rejects.toThrow("does not read metrics from sentry");
  });
});

describe("channels", () => {
  const sent: { url: string; body: Record<string, unknown>; headers: Headers }[] = [];

  afterEach(() => {
    sent.length = 0;
    vi.unstubAllGlobals();
  });

  const network = () =>
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      sent.push({ url, body: JSON.parse(String(init?.body)), headers: new Headers(init?.headers) });
      return url.startsWith("https://slack.com/") ? Response.json({ ok: true }) : new Response("ok");
    });

  const routes = {
    "Slack #ops": { kind: "slack", token: "xoxb-1", channel: "C0123" },
    "status page": { kind: "webhook", url: "https://status.example.test/in", secret: "s3cret" },
    "*": { kind: "slack", token: "xoxb-2" },
  };

  it.each([
    ["slack  #OPS", "https://slack.com/api/chat.postMessage", "C0123"],
    ["Slack #releases", "https://slack.com/api/chat.postMessage", "#releases"],
  ])("%s leads to Slack", async (name, url, to) => {
    network();
    await channel(processWith({ GONOGO_CHANNELS: routes })).send({ ...MESSAGE, channel: name });
    expect(sent).toMatchObject([{ url, body: { channel: to, text: "hello" } }]);
  });

  it("a webhook is signed and carries the message's key", async () => {
    network();
    await channel(processWith({ GONOGO_CHANNELS: routes })).send({ ...MESSAGE, channel: "Status page" });
    expect(sent[0]?.url).toBe("https://status.example.test/in");
    expect(sent[0]?.headers.get("idempotency-key")).toBe("R/m");
    expect(sent[0]?.headers.get("x-gonogo-signature")).not.toBeNull();
  });

  it("one that has no route is said to have none", async () => {
    const alone = channel(processWith({ GONOGO_CHANNELS: { email: routes["status page"] } }));
    await expect(alone.send({ ...MESSAGE, channel: "Pager" })).rejects.toThrow("no route is set for Pager");
    await expect(
      channel(processWith({ GONOGO_CHANNELS: routes })).send({ ...MESSAGE, channel: "Pager" }),
    ).rejects.toThrow("Pager names no Slack channel");
  });
});
