import type { Instant } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import type { QuotaEvent } from "./schema.ts";

export function evolveQuotas(state: ReleaseState, event: QuotaEvent, at: Instant): ReleaseState {
  return { ...state, quotas: { at, seen: event.quotas } };
}
