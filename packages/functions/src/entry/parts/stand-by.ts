import { EventBridgeStandBy } from "@gonogo/adapters/eventbridge/stand-by";
import type { Process } from "../runtime.ts";

export function standBy({ aws, settings }: Process): EventBridgeStandBy {
  return new EventBridgeStandBy(aws, {
    bus: settings.GONOGO_BUS,
    functionArn: settings.GONOGO_STAND_BY_ARN,
    deadLetterArn: settings.GONOGO_DEAD_LETTER_ARN,
  });
}
