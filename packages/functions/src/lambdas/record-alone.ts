import { lambda } from "../lambda.ts";
import { recordAlone as run } from "../tasks/rollback.ts";
import { Alone } from "./inputs.ts";

export const recordAlone = lambda("record-alone", Alone, run);
