import { z } from "zod";
import { sweep as run } from "../events/sweep.ts";
import { lambda } from "../lambda.ts";

export const sweep = lambda("sweep", z.unknown(), run);
