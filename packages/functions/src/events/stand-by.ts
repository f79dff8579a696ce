import { type Instant, parseInstant } from "@gonogo/core/kit/instant";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import type { RevertCall } from "@gonogo/core/target/port";
import type { Using } from "../runtime.ts";

/** What the stand-by rule makes of an alarm: the alarm, and the calls that put the release back. */
export interface StandByInput {
  readonly release: string;
  readonly cause: string;
  readonly at: string;
  readonly calls: readonly RevertCall[];
}

/**
 * Comes beside the ordinary handler at each alarm that rolls a release back. While the store answers it does
 * nothing, for the ordinary way is on its way; when the store is gone it starts the rollback without it (S15).
 */
export async function standBy(
  runtime: Using<"store" | "machines">,
  input: StandByInput,
): Promise<{ acted: boolean }> {
  try {
    await runtime.store.load(input.release);
    return { acted: false };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
  const at: Instant = parseInstant(input.at) ?? runtime.clock.now();
  const cause = `${input.cause} (the store could not be reached)`;
  await runtime.machines.startRollback({
    release: input.release,
    n: 0,
    cause,
    at,
    calls: input.calls,
    alone: true,
  });
  runtime.log.warn("rolling back without the store", { release: input.release, cause: input.cause });
  return { acted: true };
}
