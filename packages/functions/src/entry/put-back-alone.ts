import { putBackAlone } from "../lambdas/put-back-alone.ts";
import { handlerOf } from "./handler.ts";
import { targets } from "./parts/targets.ts";

export const handler = handlerOf("put-back-alone", putBackAlone, { targets });
