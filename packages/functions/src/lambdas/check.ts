import { lambda } from "../lambda.ts";
import { check as run } from "../tasks/steps.ts";
import { StepInput } from "./inputs.ts";

export const check = lambda("check", StepInput, run);
