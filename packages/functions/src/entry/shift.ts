import { shift } from "../lambdas/shift.ts";
import { handlerOf } from "./handler.ts";
import { alarms } from "./parts/alarms.ts";
import { targets } from "./parts/targets.ts";
import { writing } from "./parts/writing.ts";

export const handler = handlerOf("shift", shift, { ...writing, alarms, targets });
