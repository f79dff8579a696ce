import type { Instant } from "../kit/instant.ts";
import type { ErasureEvent } from "./events.ts";
import type { ErasuresOf } from "./state.ts";

export function evolveErasures<S extends ErasuresOf>(state: S, event: ErasureEvent, at: Instant): S {
  const { count = 0, waiting = {} } = state.erasures ?? {};
  if (event.type === "ErasureAsked") {
    return {
      ...state,
      erasures: {
        count: Math.max(count, event.erasure),
        waiting: { ...waiting, [event.erasure]: at },
      },
    };
  }
  const { [event.erasure]: _, ...rest } = waiting;
  return { ...state, erasures: { count, waiting: rest } };
}
