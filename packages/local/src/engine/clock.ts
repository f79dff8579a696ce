import { toMs } from "@gonogo/core/kit/duration";
import { fromMillis } from "@gonogo/core/kit/instant";
import type { Clock } from "@gonogo/core/release/ports";
import type { Kernel } from "../kernel/kernel.ts";

/** The engine's clock as the product knows one. */
export function engineClock(kernel: Kernel): Clock {
  return {
    now: () => fromMillis(kernel.clock.now()),
    sleep: (length) => kernel.sleep(toMs(length)),
  };
}
