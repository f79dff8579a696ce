import { roundedUp, spoken } from "../kit/duration.ts";
import { type Instant, since } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { stepState } from "../step/evolve.ts";
import { isPhase } from "../step/schema.ts";

/** What changed last before something looked bad: where people look first. */
export interface LastChange {
  readonly step: string;
  readonly phase: string;
  readonly component: string;
  readonly percent: number;
  readonly at: Instant;
}

/** The phase that was shifted last before `when`; undefined where none was. */
export function lastChangeBefore(plan: Plan, state: ReleaseState, when: Instant): LastChange | undefined {
  return plan.steps
    .filter(isPhase)
    .flatMap(({ id, phase, component, percent }): LastChange[] => {
      const at = stepState(state, id).shiftedAt;
      return at === undefined || at > when ? [] : [{ step: id, phase, component, percent, at }];
    })
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
}

/** `; last changed before it: api to 10 % (phase 1), 4 min earlier`; empty where nothing was. */
export function attributed(plan: Plan, state: ReleaseState, when: Instant): string {
  const last = lastChangeBefore(plan, state, when);
  if (last === undefined) return "";
  const earlier = last.at === when ? "at that moment" : `${spoken(roundedUp(since(last.at, when)))} earlier`;
  return `; last changed before it: ${last.component} to ${last.percent} % (phase ${last.phase}), ${earlier}`;
}
