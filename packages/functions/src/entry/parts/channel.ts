import { WebhookChannel } from "@gonogo/adapters/generic-webhook/channel";
import { OutsideError } from "@gonogo/adapters/http/call";
import { SlackChannel } from "@gonogo/adapters/slack/index";
import type { Channel, Outgoing } from "@gonogo/core/message/port";
import type { Process } from "../runtime.ts";
import { readSecret, type SecretOf } from "../secrets.ts";

type Routes = SecretOf<"GONOGO_CHANNELS">;
type Route = Routes[string];

/** Takes all channels that have no route of their own. */
const OTHERS = "*";

/** Sends each message the way that its channel's route says. */
export function channel({ environment, base }: Process): Channel {
  const routes = readSecret("GONOGO_CHANNELS", environment) ?? {};
  const byName = new Map(Object.entries(routes).map(([name, route]) => [plain(name), route]));
  const made = new Map<string, Channel>();
  return {
    async send(message: Outgoing) {
      const name = plain(message.channel);
      const route = byName.get(name) ?? byName.get(OTHERS);
      if (route === undefined) {
        throw new OutsideError(`no route is set for ${message.channel}; GONOGO_CHANNELS holds them`, {
          retryable: false,
        });
      }
      const known = made.get(name) ?? channelFor(route, message.channel, () => base.clock.now());
      made.set(name, known);
      return await known.send(message);
    },
  };
}

function channelFor(route: Route, name: string, now: Process["base"]["clock"]["now"]): Channel {
  switch (route.kind) {
    case "slack": {
      const to = route.channel ?? /#[\w-]+/.exec(name)?.[0];
      if (to === undefined) {
        throw new OutsideError(
          `${name} names no Slack channel; write its #name, or set channel in its route`,
          {
            retryable: false,
          },
        );
      }
      return new SlackChannel({ fetch, now, route: { kind: "bot", token: route.token, channel: to } });
    }
    case "slack-webhook":
      return new SlackChannel({ fetch, now, route: { kind: "webhook", url: route.url, name } });
    case "webhook": {
      const { kind: _, ...address } = route;
      return new WebhookChannel({ fetch, now, name, ...address });
    }
  }
}

/** People write a channel's name with capitals and spaces as they please. */
function plain(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, " ");
}
