import { lambda } from "../lambda.ts";
import { recordFailure as run } from "../tasks/rollback.ts";
import { Failure } from "./inputs.ts";

export const recordFailure = lambda("record-failure", Failure, run);
