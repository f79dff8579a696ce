import { readAwsEvent } from "@gonogo/adapters/aws-event/index";
import { z } from "zod";
import { lambda, UnexpectedEvent } from "../lambda.ts";
import type { Using } from "../runtime.ts";

/** Takes events of CodeDeploy and Health from the default bus, to the way that signals of webhooks go. */
export const service = lambda("service", z.looseObject({}), async (runtime: Using<"bus">, event) => {
  const read = readAwsEvent(event);
  if (!read.ok) throw new UnexpectedEvent("service", [{ path: "", message: read.message }]);
  if (read.signals.length === 0) return;
  await runtime.bus.publish(read.signals.map((detail) => ({ type: "SignalArrived", detail })));
});
