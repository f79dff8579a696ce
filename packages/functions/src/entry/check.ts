import { check } from "../lambdas/check.ts";
import { handlerOf } from "./handler.ts";
import { metrics } from "./parts/metrics.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("check", check, { ...writing, metrics });
