import type { Channel, Outgoing } from "@gonogo/core/message/port";
import { call, type Outside, OutsideError } from "../http/call.ts";
import { signatureHeaders } from "./signature.ts";

export interface WebhookChannelConfig extends Outside {
  readonly url: string;
  /** Signs what is sent. */
  readonly secret?: string;
  /** What it is for, as the log names it: `Status page`. */
  readonly name: string;
}

/**
 * Posts a message as JSON to an address of the deployment's choosing. Each carries `Idempotency-Key`, so
 * that a receiver can tell a repeated message from a new one; the signature is of the moment of sending.
 */
export class WebhookChannel implements Channel {
  readonly #config: WebhookChannelConfig;

  constructor(config: WebhookChannelConfig) {
    this.#config = config;
  }

  async send(message: Outgoing): Promise<{ via: string }> {
    const { url, secret, name } = this.#config;
    const { key, release, channel, audience, text, links } = message;
    const body = JSON.stringify({ key, release, channel, audience, text, ...(links ? { links } : {}) });
    const answer = await call(this.#config, {
      what: `webhook for ${name}`,
      url,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": key,
        ...(secret === undefined ? {} : signatureHeaders(secret, body, this.#config.now())),
      },
      body,
    });
    if (answer.status < 200 || answer.status > 299) {
      throw new OutsideError(
        `the webhook for ${name} refused the message with ${answer.status}: check its address and secret`,
        { retryable: false, status: answer.status },
      );
    }
    return { via: `webhook (for ${name})` };
  }
}
