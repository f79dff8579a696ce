import { effects } from "../lambdas/effects.ts";
import { handlerOf } from "./handler.ts";
import { alarms } from "./parts/alarms.ts";
import { channel } from "./parts/channel.ts";
import { objects } from "./parts/objects.ts";
import { shelves } from "./parts/shelves.ts";
import { targets } from "./parts/targets.ts";
import { testAlarm } from "./parts/test-alarm.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("effects", effects, {
  ...writing,
  alarms,
  channel,
  objects,
  shelves,
  targets,
  testAlarm,
});
