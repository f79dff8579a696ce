import { freezesOf } from "../freeze/hold.ts";
import { isApprovedHotfix } from "../hotfix/approved.ts";
import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import type { FreezeView, ReleaseView } from "./schema.ts";

/** The freezes that a release is in or comes into, the next first. */
export function freezeViews(plan: Plan, state: ReleaseState, now: Instant): FreezeView[] {
  const isException = isApprovedHotfix(plan, state, now);
  return freezesOf(plan, state)
    .filter(({ to }) => to > now)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ id, name, from, to, components }) => {
      const live = state.freezes?.[id];
      const active = from <= now;
      return {
        name,
        from,
        to,
        ...(components === undefined ? {} : { components }),
        source: live?.source ?? "plan",
        ...(live?.incident === undefined ? {} : { incident: live.incident }),
        active,
        exempted: state.exempted?.includes(id) === true || (active && isException),
      };
    });
}

export function windowView(plan: Plan, state: ReleaseState, now: Instant): ReleaseView["window"] {
  if (plan.window !== "required") return undefined;
  const next = (state.windows ?? []).filter(({ to }) => to > now);
  return {
    open: next.some(({ from }) => from <= now),
    next: next.map(({ name, from, to }) => ({ name, from, to })),
  };
}
