import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { Channel, Outgoing } from "@gonogo/core/message/port";
import { type Answer, call, digText, type Outside, OutsideError, retryAfter } from "../http/call.ts";
import { isPassing, words } from "./errors.ts";

/** Where a channel of a plan leads: a Slack channel, by a bot's token, or an incoming webhook, which has one. */
export type SlackRoute =
  | { readonly kind: "bot"; readonly token: string; readonly channel: string }
  | { readonly kind: "webhook"; readonly url: string; readonly name: string };

export interface SlackConfig extends Outside {
  readonly route: SlackRoute;
  /** Of the Web API; only fakes have another. */
  readonly baseUrl?: string;
}

/** The longest text that Slack takes before it cuts it off. */
const LONGEST_TEXT = 40_000;
/** Slack's limits count in minutes: what it does not say is taken for half of one. */
const UNSAID_RETRY_MS = 30_000;

/**
 * Posts messages to Slack. Slack has no idempotency key for them, so what was sent and not answered may come
 * twice; the key goes along as metadata for whoever looks. Until the time that a 429 names has come nothing
 * is sent at all. Throws OutsideError, with `retryable` set where it may be tried again.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export class SlackChannel implements Channel {
  readonly #config: SlackConfig;
  #limitedUntil: Instant | undefined;

  constructor(config: SlackConfig) {
    this.#config = config;
  }

  async send(message: Outgoing): Promise<{ via: string }> {
    this.#waitOut();
    try {
      const { route } = this.#config;
      return route.kind === "bot" ? await this.#post(route, message) : await this.#drop(route, message);
    } catch (error) {
      if (error instanceof OutsideError && error.status === 429) {
        const until = toMillis(this.#config.now()) + (error.retryAfterMs ?? UNSAID_RETRY_MS);
        this.#limitedUntil = fromMillis(until);
      }
      throw error;
    }
  }

  #waitOut(): void {
    const now = this.#config.now();
    if (this.#limitedUntil === undefined || this.#limitedUntil <= now) return;
    throw new OutsideError(`Slack takes no more messages until ${this.#limitedUntil}`, {
      retryable: true,
      status: 429,
      retryAfterMs: toMillis(this.#limitedUntil) - toMillis(now),
    });
  }

  async #post(route: SlackRoute & { kind: "bot" }, message: Outgoing): Promise<{ via: string }> {
    const answer = await call(this.#config, {
      what: `Slack, post to ${route.channel}`,
      url: `${this.#config.baseUrl ?? "https://slack.com"}/api/chat.postMessage`,
      method: "POST",
      headers: { authorization: `Bearer ${route.token}`, "content-type": "application/json; charset=utf-8" },
      body: {
        channel: route.channel,
        text: textOf(message),
        unfurl_links: false,
        metadata: {
          event_type: "gonogo_message",
          event_payload: { key: message.key, release: message.release },
        },
      },
    });
    const code = digText(answer.json, "error");
    if (answer.status === 200 && (answer.json as { ok?: unknown })?.ok === true) {
      return { via: `slack ${route.channel}` };
    }
    throw this.#refusal(answer, code ?? `http_${answer.status}`, route.channel);
  }

  async #drop(route: SlackRoute & { kind: "webhook" }, message: Outgoing): Promise<{ via: string }> {
    const answer = await call(this.#config, {
      what: `Slack, webhook ${route.name}`,
      url: route.url,
      method: "POST",
      body: { text: textOf(message) },
    });
    if (answer.status === 200 && answer.text.trim() === "ok") return { via: `slack ${route.name}` };
    const code = /^[a-z_]{2,60}$/.exec(answer.text.trim())?.[0];
    throw this.#refusal(answer, code ?? `http_${answer.status}`, route.name);
  }

  #refusal(answer: Answer, code: string, where: string): OutsideError {
    const retryable = isPassing(code);
    const limited = code === "ratelimited" || code === "rate_limited";
    return new OutsideError(`Slack did not post to ${where}: ${words(code)}`, {
      retryable,
      status: limited ? 429 : answer.status,
      retryAfterMs: retryable ? retryAfter(answer.headers, this.#config.now()) : undefined,
    });
  }
}

/** Slack's three special characters; left alone they could call out to everybody (`<!channel>`). */
function textOf({ text }: Outgoing): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.length <= LONGEST_TEXT ? escaped : `${escaped.slice(0, LONGEST_TEXT - 1)}…`;
}
