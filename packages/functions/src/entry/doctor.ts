import { doctor } from "../lambdas/doctor.ts";
import { handlerOf } from "./handler.ts";
import { alarms } from "./parts/alarms.ts";
import { anchors } from "./parts/anchors.ts";
import { inspector } from "./parts/inspector.ts";
import { shelves } from "./parts/shelves.ts";
import { store } from "./parts/store.ts";
import { targets } from "./parts/targets.ts";
import { timers } from "./parts/timers.ts";
import { trust } from "./parts/trust.ts";
import { whereElse } from "./parts/where-else.ts";

export const handler = handlerOf("doctor", doctor, {
  store,
  anchors,
  whereElse,
  timers,
  alarms,
  targets,
  inspector,
  shelves,
  trust,
});
