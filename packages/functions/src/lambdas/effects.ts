import { type Archiving, carryOut } from "../events/effects.ts";
import { lambda } from "../lambda.ts";
import { Recorded } from "./inputs.ts";

export const effects = lambda("effects", Recorded, (runtime: Archiving, { detail }) =>
  carryOut(runtime, detail),
);
