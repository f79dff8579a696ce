import { standBy as run } from "../events/stand-by.ts";
import { lambda } from "../lambda.ts";
import { StandBy } from "./inputs.ts";

export const standBy = lambda("stand-by", StandBy, run);
