import { recordFailure } from "../lambdas/record-failure.ts";
import { handlerOf } from "./handler.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("record-failure", recordFailure, writing);
