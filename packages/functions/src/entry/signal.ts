import { signal } from "../lambdas/signal.ts";
import { handlerOf } from "./handler.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("signal", signal, writing);
