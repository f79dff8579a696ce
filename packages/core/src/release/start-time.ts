import { fromMillis, toMillis } from "../kit/instant.ts";
import { offsetMs } from "../kit/offset.ts";
import { leadOffset } from "../plan/timeline.ts";
import type { Draft } from "./draft.ts";

/** When the release takes its targets: just before its first row. */
export function startsAt(draft: Pick<Draft, "plan" | "state">) {
  const { plan, state } = draft;
  if (state.t === undefined) return undefined;
  return fromMillis(toMillis(state.t) + Math.min(0, offsetMs(leadOffset(plan))));
}
