import { lambda } from "../lambda.ts";
import { verify as run } from "../tasks/rollback.ts";
import { Verify } from "./inputs.ts";

export const verify = lambda("verify", Verify, run);
