import { lambda } from "../lambda.ts";
import { shift as run } from "../tasks/shift.ts";
import { StepInput } from "./inputs.ts";

export const shift = lambda("shift", StepInput, run);
