import { lambda } from "../lambda.ts";
import { visit as run } from "../tasks/visit.ts";
import { ReleaseInput } from "./inputs.ts";

export const visit = lambda("visit", ReleaseInput, run);
