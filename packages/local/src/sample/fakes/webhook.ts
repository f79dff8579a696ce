import type { Instant } from "@gonogo/core/kit/instant";
import type { Fake } from "./answers.ts";

export interface FakeWebhookState {
  received: { at: Instant; path: string; headers: Record<string, string>; body: string }[];
  /** Statuses for the next requests, in order; then 204. */
  next: number[];
  /** Keys that were taken in: a message that comes again is answered and not taken in twice. */
  keys: string[];
}

/** Anybody's webhook: takes in what it is sent, each key once, and fails when it is told to. */
export function fakeWebhook(state: FakeWebhookState, now: () => Instant): Fake {
  return async (request) => {
    const status = state.next.shift() ?? 204;
    if (status >= 300) return new Response("not now", { status });
    const key = request.headers.get("idempotency-key");
    if (key !== null && state.keys.includes(key)) return new Response(null, { status });
    if (key !== null) state.keys.push(key);
    const { pathname: path } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    state.received.push({ at: now(), path, headers, body: await request.text() });
    return new Response(null, { status });
  };
}
