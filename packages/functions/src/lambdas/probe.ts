import { lambda } from "../lambda.ts";
import { probe as run } from "../tasks/steps.ts";
import { StepInput } from "./inputs.ts";

export const probe = lambda("probe", StepInput, run);
