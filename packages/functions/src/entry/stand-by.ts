import { standBy } from "../lambdas/stand-by.ts";
import { handlerOf } from "./handler.ts";
import { machines } from "./parts/machines.ts";
import { store } from "./parts/store.ts";

export const handler = handlerOf("stand-by", standBy, { store, machines });
