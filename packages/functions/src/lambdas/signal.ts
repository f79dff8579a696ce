import { Signal } from "@gonogo/core/signal/schema";
import { z } from "zod";
import { receive } from "../events/signal.ts";
import { lambda } from "../lambda.ts";
import type { Writing } from "../runtime.ts";

export const signal = lambda("signal", z.object({ detail: Signal }), (runtime: Writing, { detail }) =>
  receive(runtime, detail),
);
