import { start } from "../lambdas/start.ts";
import { handlerOf } from "./handler.ts";
import { alarms } from "./parts/alarms.ts";
import { checks } from "./parts/checks.ts";
import { metrics } from "./parts/metrics.ts";
import { targets } from "./parts/targets.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("start", start, { ...writing, checks, alarms, metrics, targets });
