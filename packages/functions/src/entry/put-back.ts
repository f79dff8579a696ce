import { putBack } from "../lambdas/put-back.ts";
import { handlerOf } from "./handler.ts";
import { targets } from "./parts/targets.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("put-back", putBack, { ...writing, targets });
