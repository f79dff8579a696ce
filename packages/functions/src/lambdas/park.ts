import { lambda } from "../lambda.ts";
import { park as run } from "../tasks/waiting.ts";
import { Park } from "./inputs.ts";

export const park = lambda("park", Park, run);
