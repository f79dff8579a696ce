import { lambda } from "../lambda.ts";
import { begin as run } from "../tasks/steps.ts";
import { StepInput } from "./inputs.ts";

export const begin = lambda("begin", StepInput, run);
