import { lambda } from "../lambda.ts";
import { answerNext } from "../tasks/waiting.ts";
import { Next } from "./inputs.ts";

export const next = lambda("next", Next, answerNext);
