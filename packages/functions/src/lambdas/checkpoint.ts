import { z } from "zod";
import { checkpoint as run } from "../events/checkpoint.ts";
import { lambda } from "../lambda.ts";

export const checkpoint = lambda("checkpoint", z.unknown(), run);
