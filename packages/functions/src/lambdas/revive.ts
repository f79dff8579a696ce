import { revive as run } from "../events/revive.ts";
import { lambda } from "../lambda.ts";
import { Execution } from "./inputs.ts";

export const revive = lambda("revive", Execution, run);
