import { lambda } from "../lambda.ts";
import { start as run } from "../tasks/start.ts";
import { ReleaseInput } from "./inputs.ts";

export const start = lambda("start", ReleaseInput, run);
