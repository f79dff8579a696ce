import { revive } from "../lambdas/revive.ts";
import { handlerOf } from "./handler.ts";
import { alarms } from "./parts/alarms.ts";
import { anchors } from "./parts/anchors.ts";
import { channel } from "./parts/channel.ts";
import { checks } from "./parts/checks.ts";
import { metrics } from "./parts/metrics.ts";
import { targets } from "./parts/targets.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("revive", revive, {
  ...writing,
  checks,
  alarms,
  anchors,
  channel,
  metrics,
  targets,
});
