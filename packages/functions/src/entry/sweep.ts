import { sweep } from "../lambdas/sweep.ts";
import { handlerOf } from "./handler.ts";
import { feeds } from "./parts/feeds.ts";
import { visiting } from "./parts/visiting.ts";

export const handler = handlerOf("sweep", sweep, { ...visiting, feeds });
