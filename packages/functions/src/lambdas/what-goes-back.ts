import { lambda } from "../lambda.ts";
import { whatGoesBack as run } from "../tasks/rollback.ts";
import { Fence } from "./inputs.ts";

export const whatGoesBack = lambda("what-goes-back", Fence, run);
