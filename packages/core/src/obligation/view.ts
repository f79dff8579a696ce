import type { Instant } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import { type Owed, owedIn } from "./state.ts";

/** What is owed, as people see it. */
export interface ObligationView extends Owed {
  readonly open: boolean;
  readonly overdue: boolean;
}

/** The open ones first, each part in the order of its time. */
export function obligationViews(state: ReleaseState, now: Instant): ObligationView[] {
  const all = owedIn(state).map((one) => {
    const open = one.completedAt === undefined;
    return { ...one, open, overdue: open && now >= one.due };
  });
  return [...all.filter(({ open }) => open), ...all.filter(({ open }) => !open)];
}
