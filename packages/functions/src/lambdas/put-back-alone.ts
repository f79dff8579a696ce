import { lambda } from "../lambda.ts";
import { putBackAlone as run } from "../tasks/rollback.ts";
import { Rollback } from "./inputs.ts";

export const putBackAlone = lambda("put-back-alone", Rollback, run);
