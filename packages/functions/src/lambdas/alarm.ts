import { readCloudWatchEvent } from "@gonogo/adapters/cloudwatch-event/index";
import { z } from "zod";
import { noteSeen } from "../events/seen.ts";
import { receive } from "../events/signal.ts";
import { lambda, UnexpectedEvent } from "../lambda.ts";
import type { Writing } from "../runtime.ts";

/** Takes CloudWatch's own events from the default bus. */
export const alarm = lambda("alarm", z.looseObject({}), async (runtime: Writing, event) => {
  const read = readCloudWatchEvent(event);
  if (!read.ok) throw new UnexpectedEvent("alarm", [{ path: "", message: read.message }]);
  for (const signal of read.signals) await receive(runtime, signal);
  if (read.signals.length > 0) await noteSeen(runtime, "cloudwatch");
});
