import { WebhookChannel } from "@gonogo/adapters/generic-webhook/channel";
import { SentrySessionsReader } from "@gonogo/adapters/sentry/sessions";
import { SlackChannel } from "@gonogo/adapters/slack/index";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Channel, Outgoing } from "@gonogo/core/message/port";
import type { Outside } from "@gonogo/functions/aws-runtime";
import type { Runtime } from "@gonogo/functions/runtime";
import { type DialBoard, HEALTHY } from "../sample/dials.ts";
import { fetchOf } from "../sample/fakes/answers.ts";
import { type FakeSentryState, fakeSentry } from "../sample/fakes/sentry.ts";
import { type FakeSlackState, fakeSlack } from "../sample/fakes/slack.ts";
import { type FakeWebhookState, fakeWebhook } from "../sample/fakes/webhook.ts";
import { keepSessions } from "../sample/sessions.ts";
import type { Stores } from "../sample/stores.ts";

/** Of what the fakes were sent, the newest is kept. */
const MOST_KEPT = 200;

interface Parts {
  readonly stores: Stores;
  readonly board: DialBoard | undefined;
  readonly now: () => Instant;
  readonly probe: Runtime["probe"];
}

/** The systems besides AWS in the embedded control plane: the real adapters, in front of fakes of their APIs. */
export function sampleOutside({ stores, board, now, probe }: Parts): Outside {
  const slack: FakeSlackState = { token: "xoxb-sample", channels: {}, webhooks: {}, messages: [] };
  const webhook: FakeWebhookState = { received: [], next: [], keys: [] };
  const sentry: FakeSentryState = {
    organization: "sample",
    token: "sample",
    clientSecret: "sample",
    sessions: [],
  };
  const askSentry = fakeSentry(sentry);
  const fetch = fetchOf({
    ...stores.fakes,
    "slack.com": fakeSlack(slack, now),
    "sentry.io": async (request) => {
      keepSessions(sentry, board?.now.crashFreePercent ?? HEALTHY.crashFreePercent, now());
      return await askSentry(request);
    },
    "hooks.sample.test": fakeWebhook(webhook, now),
  });
  const trim = () => {
    slack.messages.splice(0, Math.max(0, slack.messages.length - MOST_KEPT));
    webhook.received.splice(0, Math.max(0, webhook.received.length - MOST_KEPT));
    webhook.keys.splice(0, Math.max(0, webhook.keys.length - MOST_KEPT));
  };
  const channels = new Map<string, Channel>();
  const channelFor = (name: string): Channel => {
    const known = channels.get(name);
    if (known !== undefined) return known;
    const slackChannel = /slack/i.test(name) ? (/#[\w-]+/.exec(name)?.[0] ?? "#releases") : undefined;
    if (slackChannel !== undefined) slack.channels[slackChannel] = { isMember: true };
    const made: Channel =
      slackChannel === undefined
        ? new WebhookChannel({
            fetch,
            now,
            name,
            url: `https://hooks.sample.test/${encodeURIComponent(name)}`,
          })
        : new SlackChannel({ fetch, now, route: { kind: "bot", token: slack.token, channel: slackChannel } });
    channels.set(name, made);
    return made;
  };
  return {
    targets: stores.targets,
    metrics: {
      sentry: new SentrySessionsReader({
        fetch,
        now,
        organization: sentry.organization,
        token: sentry.token,
      }),
    },
    channel: {
      async send(message: Outgoing) {
        const sent = await channelFor(message.channel).send(message);
        trim();
        return sent;
      },
    },
    probe,
  };
}
