import { begin } from "../lambdas/begin.ts";
import { handlerOf } from "./handler.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("begin", begin, writing);
