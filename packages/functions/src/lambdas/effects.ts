import { carryOut, type Working } from "../events/effects.ts";
import { lambda } from "../lambda.ts";
import { Recorded } from "./inputs.ts";

export const effects = lambda("effects", Recorded, (runtime: Working, { detail }) =>
  carryOut(runtime, detail),
);
