import { park } from "../lambdas/park.ts";
import { handlerOf } from "./handler.ts";
import { machines } from "./parts/machines.ts";
import { store } from "./parts/store.ts";

export const handler = handlerOf("park", park, { machines, store });
