import { type Duration, hours } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import type { Next } from "../release/next.ts";
import type { ReleaseState } from "../release/state.ts";

/** How long a rollback waits for what people put back by hand before it says what is left (S3). */
export const BY_HAND_WITHIN: Duration = hours(4);

/** What the rollback machine does once every target has been tried: wait for people, or verify. */
export function nextInRollback(state: ReleaseState, now: Instant): Next {
  const { rollback } = state;
  if (state.status !== "rolling-back" || rollback === undefined) return { do: "stop" };
  const open = rollback.items.some((item) => item.kind === "manual" && item.status === "waiting");
  const until = plus(rollback.startedAt, BY_HAND_WITHIN);
  return open && now < until ? { do: "wait", for: "person", until } : { do: "judge" };
}
