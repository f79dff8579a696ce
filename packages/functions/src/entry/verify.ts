import { verify } from "../lambdas/verify.ts";
import { handlerOf } from "./handler.ts";
import { targets } from "./parts/targets.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("verify", verify, { ...writing, targets });
