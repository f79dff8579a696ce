import { next } from "../lambdas/next.ts";
import { handlerOf } from "./handler.ts";
import { store } from "./parts/store.ts";

export const handler = handlerOf("next", next, { store });
