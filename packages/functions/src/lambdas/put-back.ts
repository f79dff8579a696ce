import { lambda } from "../lambda.ts";
import { putBack as run } from "../tasks/rollback.ts";
import { PutBack } from "./inputs.ts";

export const putBack = lambda("put-back", PutBack, run);
