import type { StandBy } from "@gonogo/core/release/ports";
import type { Process } from "../runtime.ts";
import { deferred } from "./deferred.ts";

/** It is put up once a release and taken down once: few commands need EventBridge. */
export function standBy({ aws, settings }: Process): StandBy {
  return deferred<StandBy, keyof StandBy>(async () => {
    const { EventBridgeStandBy } = await import("@gonogo/adapters/eventbridge/stand-by");
    return new EventBridgeStandBy(aws, {
      bus: settings.GONOGO_BUS,
      functionArn: settings.GONOGO_STAND_BY_ARN,
      deadLetterArn: settings.GONOGO_DEAD_LETTER_ARN,
    });
  }, ["put", "remove"]);
}
