import { toMs } from "@gonogo/core/kit/duration";
import { fromMillis } from "@gonogo/core/kit/instant";
import type { Clock } from "@gonogo/core/release/ports";

/** The wall's clock, which AWS keeps right on Lambda. */
export const systemClock: Clock = {
  now: () => fromMillis(Date.now()),
  sleep: (length) => new Promise((resolve) => setTimeout(resolve, toMs(length))),
};
