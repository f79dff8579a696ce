import { EventBridgeBus } from "@gonogo/adapters/eventbridge/bus";
import type { Process } from "../runtime.ts";

export function bus({ aws, settings }: Process): EventBridgeBus {
  return new EventBridgeBus(aws, settings.GONOGO_BUS);
}
