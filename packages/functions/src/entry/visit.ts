import { visit } from "../lambdas/visit.ts";
import { handlerOf } from "./handler.ts";
import { visiting } from "./parts/visiting.ts";

export const handler = handlerOf("visit", visit, visiting);
