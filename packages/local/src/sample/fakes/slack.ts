import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { bodyOf, type Fake, json, textAt } from "./answers.ts";

export interface FakeSlackState {
  /** The bot's token that is let in. */
  token: string;
  channels: Record<string, { isMember: boolean; isArchived?: boolean }>;
  /** By path: `/services/T0/B0/abc`. */
  webhooks: Record<string, { channel: string; isActive: boolean }>;
  messages: { at: Instant; channel: string; text: string; key?: string }[];
  /** Until then every message is answered with 429. */
  limitedUntil?: Instant;
}

/** Slack's `chat.postMessage` and its incoming webhooks. The first fails with 200, the second with a status. */
export function fakeSlack(state: FakeSlackState, now: () => Instant): Fake {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (state.limitedUntil !== undefined && now() < state.limitedUntil) {
      const seconds = Math.ceil((toMillis(state.limitedUntil) - toMillis(now())) / 1000);
      return json(429, { ok: false, error: "ratelimited" }, { "retry-after": String(seconds) });
    }
    const body = await bodyOf(request);
    const text = textAt(body, "text") ?? "";
    if (pathname !== "/api/chat.postMessage") return drop(state, pathname, text, now());
    const failed = (error: string) => json(200, { ok: false, error });
    const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) return failed("not_authed");
    if (token !== state.token) return failed("invalid_auth");
    const name = textAt(body, "channel") ?? "";
    const channel = state.channels[name];
    if (channel === undefined) return failed("channel_not_found");
    if (channel.isArchived === true) return failed("is_archived");
    if (!channel.isMember) return failed("not_in_channel");
    if (text === "") return failed("no_text");
    const key = textAt(body, "metadata", "event_payload", "key");
    state.messages.push({ at: now(), channel: name, text, ...(key === undefined ? {} : { key }) });
    const ts = `${Math.floor(toMillis(now()) / 1000)}.${String(state.messages.length).padStart(6, "0")}`;
    return json(200, { ok: true, channel: name, ts, message: { type: "message", text, ts } });
  };
}

function drop(state: FakeSlackState, path: string, text: string, at: Instant): Response {
  const webhook = state.webhooks[path];
  if (webhook === undefined) return new Response("no_service", { status: 404 });
  if (!webhook.isActive) return new Response("no_active_hooks", { status: 404 });
  if (state.channels[webhook.channel]?.isArchived === true) {
    return new Response("channel_is_archived", { status: 410 });
  }
  if (text === "") return new Response("no_text", { status: 400 });
  state.messages.push({ at, channel: webhook.channel, text });
  return new Response("ok");
}
