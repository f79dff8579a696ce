import { revive } from "../lambdas/revive.ts";
import { handlerOf } from "./handler.ts";
import { visiting } from "./parts/visiting.ts";

export const handler = handlerOf("revive", revive, visiting);
