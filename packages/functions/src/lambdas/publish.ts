import { publish as run } from "../events/publish.ts";
import { lambda } from "../lambda.ts";
import { Stream } from "./inputs.ts";

export const publish = lambda("publish", Stream, run);
