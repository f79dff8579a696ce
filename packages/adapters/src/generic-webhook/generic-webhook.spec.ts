import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { bytes } from "../signal/vectors.testing.ts";
import { WebhookChannel } from "./channel.ts";
import { readWebhook } from "./index.ts";
import { signatureHeaders } from "./signature.ts";

const now = "2026-03-01T12:00:00.000Z" as Instant;
const secret = "shared-secret";
const backlog = { name: "queue-backlog", state: "alarm", at: "2026-03-01T11:59:00Z", says: "12,000 waiting" };

function signed(body: string, at: Instant = now, by = secret) {
  return new Headers(signatureHeaders(by, body, at));
}

describe("a plain webhook", () => {
  const secrets = { hmac: [secret], tokens: ["t0ken"] };

  it("is one signal or several", () => {
    const one = JSON.stringify(backlog);
    const signal = { ...backlog, source: "webhook", at: "2026-03-01T11:59:00.000Z" };
    expect(readWebhook(signed(one), bytes(one), secrets, now)).toEqual({ ok: true, signals: [signal] });
    const two = JSON.stringify({ signals: [backlog, { ...backlog, state: "ok" }] });
    expect(readWebhook(signed(two), bytes(two), secrets, now)).toMatchObject({
      signals: [{ state: "alarm" }, { state: "ok" }],
    });
  });

  it("may bear a token instead of a signature, but not a token beside a bad one", () => {
    const body = bytes(backlog);
    const token = { authorization: "Bearer t0ken" };
    expect(readWebhook(new Headers(token), body, secrets, now)).toMatchObject({ ok: true });
    const bad = { ...token, "x-gonogo-signature": "sha256=00" };
    expect(readWebhook(new Headers(bad), body, secrets, now)).toMatchObject({ status: 401 });
  });

  const text = JSON.stringify(backlog);
  const shifted = (ms: number) => fromMillis(toMillis(now) + ms);
  it.each([
    ["changed on the way", signed(text), text.replace("12,000", "0"), 401],
    ["signed with another secret", signed(text, now, "other"), text, 401],
    ["five minutes old", signed(text, shifted(-301_000)), text, 401],
    ["five minutes ahead", signed(text, shifted(301_000)), text, 401],
    ["unsigned", new Headers(), text, 401],
    [
      "with a word too many",
      signed('{"name":"x","state":"alarm","at":"2026-03-01","level":9}'),
      '{"name":"x","state":"alarm","at":"2026-03-01","level":9}',
      400,
    ],
    ["with no time", signed('{"name":"x","state":"alarm"}'), '{"name":"x","state":"alarm"}', 400],
    ["not JSON", signed("alarm!"), "alarm!", 400],
    ["a list", signed("[1]"), "[1]", 400],
  ])("that is %s is refused", (_what, headers, body, status) => {
    expect(readWebhook(headers, bytes(body), secrets, now)).toMatchObject({ ok: false, status });
  });

  it("with a time replaced beside the signature is refused", () => {
    const headers = signed(text, shifted(-400_000));
    headers.set("x-gonogo-timestamp", String(toMillis(now) / 1000));
    expect(readWebhook(headers, bytes(text), secrets, now)).toMatchObject({ status: 401 });
  });
});

describe("the webhook channel", () => {
  const message = {
    key: "rel-1/m1",
    release: "rel-1",
    channel: "status",
    audience: "customers",
    text: "Live.",
  };

  function channel(answer: () => Response | Promise<Response>, seen: Request[] = []) {
    return new WebhookChannel({
      fetch: async (input, init) => {
        seen.push(new Request(input, init));
        return await answer();
      },
      now: () => now,
      url: "https://status.example.org/hook/5ecret",
      secret,
      name: "Status page",
    });
  }

  it("posts what a receiver with the secret can verify, and tell from a new one", async () => {
    const seen: Request[] = [];
    const sent = await channel(() => new Response(null, { status: 202 }), seen).send(message);
    expect(sent).toEqual({ via: "webhook (for Status page)" });
    const [request] = seen;
    expect(request?.headers.get("idempotency-key")).toBe("rel-1/m1");
    expect(request?.redirect).toBe("manual");
    const body = (await request?.text()) ?? "";
    expect(JSON.parse(body)).toEqual(message);
    const { "x-gonogo-signature": signature } = signatureHeaders(secret, body, now);
    expect(request?.headers.get("x-gonogo-signature")).toBe(signature);
  });

  it.each([
    [
      () => new Response("busy", { status: 503, headers: { "retry-after": "7" } }),
      { retryable: true, retryAfterMs: 7000 },
    ],
    [() => new Response("no", { status: 403 }), { retryable: false, status: 403 }],
    [
      () => Promise.reject(Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" })),
      { retryable: true },
    ],
    [
      () => new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
      { retryable: false },
    ],
  ])("throws what it could not send, and whether it may be tried again", async (answer, error) => {
    const failure = await channel(answer)
      .send(message)
      .catch((thrown: Error) => thrown);
    expect(failure).toMatchObject(error);
    expect(String(failure)).not.toMatch(/5ecret|shared-secret/);
  });
});
