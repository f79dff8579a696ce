import { publish } from "../lambdas/publish.ts";
import { handlerOf } from "./handler.ts";
import { bus } from "./parts/bus.ts";

export const handler = handlerOf("publish", publish, { bus });
