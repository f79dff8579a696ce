import { probe as run } from "../lambdas/probe.ts";
import { handlerOf } from "./handler.ts";
import { probe } from "./parts/probe.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("probe", run, { ...writing, probe });
