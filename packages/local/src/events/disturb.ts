import type { Random } from "../kernel/random.ts";
import type { Delivery } from "./model.ts";

/**
 * For tests: how long after its acceptance a delivery is made, in milliseconds, once for each number given.
 * `[0]` is a quiet day, `[0, 90_000]` delivers twice, `[60_000]` late and so out of order. An empty list is
 * taken for `[0]`: EventBridge may repeat and delay, but does not lose.
 */
export type Disturb = (delivery: Delivery) => readonly number[];

export interface Disturbance {
  /** Share of deliveries made more than once, 0 to 1. */
  readonly repeated: number;
  /** Share of deliveries that come late, 0 to 1. */
  readonly late: number;
  readonly longestDelayMs: number;
}

/** Repeats and delays by chance; with a seeded `random`, the same way in every run. */
export function disturbBy(random: Random, { repeated, late, longestDelayMs }: Disturbance): Disturb {
  const delay = () => (random.number() < late ? Math.floor(random.number() * longestDelayMs) : 0);
  return () => {
    const delays = [delay()];
    while (delays.length < 4 && random.number() < repeated) {
      delays.push(Math.floor(random.number() * longestDelayMs));
    }
    return delays;
  };
}
