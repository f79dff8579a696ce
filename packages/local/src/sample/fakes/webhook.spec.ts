import { WebhookChannel } from "@gonogo/adapters/generic-webhook/channel";
import { readWebhook } from "@gonogo/adapters/generic-webhook/index";
import { whyUnsigned } from "@gonogo/adapters/generic-webhook/signature";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { fetchOf } from "./answers.ts";
import { type FakeWebhookState, fakeWebhook } from "./webhook.ts";

const now = "2026-03-01T09:00:00.000Z" as Instant;
const message = {
  key: "rel-1/m1",
  release: "rel-1",
  channel: "status",
  audience: "customers",
  text: "Live.",
};

function world() {
  const state: FakeWebhookState = { received: [], next: [], keys: [] };
  const channel = new WebhookChannel({
    fetch: fetchOf({ "status.example.org": fakeWebhook(state, () => now) }),
    now: () => now,
    url: "https://status.example.org/in",
    secret: "shared",
    name: "Status page",
  });
  return { state, channel };
}

describe("a receiver of webhooks", () => {
  it("gets a message once, though it was sent again after an answer that was lost", async () => {
    const { state, channel } = world();
    state.next = [503];
    await expect(channel.send(message)).rejects.toMatchObject({ retryable: true });
    await channel.send(message);
    await channel.send(message);
    expect(state.received.map(({ body }) => JSON.parse(body))).toEqual([message]);
  });

  it("can verify it as gonogo verifies what comes in", async () => {
    const { state, channel } = world();
    await channel.send(message);
    const [got] = state.received;
    const headers = new Headers(got?.headers);
    const raw = new TextEncoder().encode(got?.body);
    expect(whyUnsigned(headers, raw, ["shared"], now)).toBeUndefined();
    expect(whyUnsigned(headers, raw, ["other"], now)).toMatchObject({ status: 401 });
    // A message is no signal: the signature holds, the form does not.
    expect(readWebhook(headers, raw, { hmac: ["shared"] }, now)).toMatchObject({ status: 400 });
  });
});
