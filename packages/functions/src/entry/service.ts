import { service } from "../lambdas/service.ts";
import { handlerOf } from "./handler.ts";
import { bus } from "./parts/bus.ts";

export const handler = handlerOf("service", service, { bus });
