import { z } from "zod";
import { examine } from "../doctor/examine.ts";
import { lambda } from "../lambda.ts";

export const doctor = lambda("doctor", z.unknown(), examine);
