import { recordAlone } from "../lambdas/record-alone.ts";
import { handlerOf } from "./handler.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("record-alone", recordAlone, writing);
