import { z } from "zod";
import { audit as run } from "../events/audit.ts";
import { lambda } from "../lambda.ts";

export const audit = lambda("audit", z.unknown(), run);
