import { alarm } from "../lambdas/alarm.ts";
import { handlerOf } from "./handler.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("alarm", alarm, writing);
