import { isApprovedHotfix } from "../hotfix/approved.ts";
import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { isPhase, type Step } from "../step/schema.ts";
import { freezeAt } from "./schema.ts";

/** What stands still in a freeze: a step, the start of the whole release, or a component by itself. */
export type Advancing = Step | "start" | { readonly component: string };

/** Why something may not go on at a moment, and from when it may. */
export type HeldBack =
  | { readonly for: "freeze"; readonly id: string; readonly name: string; readonly until: Instant }
  /** No maintenance window is open; `until` the next, where one is known. */
  | { readonly for: "window"; readonly until?: Instant };

export interface Stretch {
  readonly id: string;
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly components?: readonly string[] | undefined;
}

/** The freezes of a release: its plan's own, and those of the calendar that it was told of. */
export function freezesOf(plan: Plan, state: Pick<ReleaseState, "freezes"> | undefined): Stretch[] {
  const own = plan.freezes.map((freeze) => ({ id: `plan:${freeze.name}`, ...freeze }));
  return [...own, ...Object.values(state?.freezes ?? {})];
}

/**
 * What keeps something from going on at a moment, whoever it is (S8): a freeze, or that it needs a
 * maintenance window and none is open. A check or a probe only looks. A rollback does not ask.
 */
export function heldBack(
  plan: Plan,
  state: ReleaseState,
  what: Advancing,
  now: Instant,
): HeldBack | undefined {
  const held = stretchAt(plan, state, what, now);
  return held !== undefined && isApprovedHotfix(plan, state, now) ? undefined : held;
}

/** What would keep it, were it not the exception: for the record that says why it went on. */
export function exemptedFrom(
  plan: Plan,
  state: ReleaseState,
  what: Advancing,
  now: Instant,
): HeldBack | undefined {
  return isApprovedHotfix(plan, state, now) ? stretchAt(plan, state, what, now) : undefined;
}

function stretchAt(plan: Plan, state: ReleaseState, what: Advancing, now: Instant): HeldBack | undefined {
  return heldIn(plan, freezesOf(plan, state), state.windows ?? [], what, now);
}

/** The same, for freezes and windows that are given. */
export function heldIn(
  plan: Plan,
  freezes: readonly Stretch[],
  windows: readonly Pick<Stretch, "from" | "to">[],
  what: Advancing,
  now: Instant,
): HeldBack | undefined {
  if (onlyLooks(what)) return undefined;
  const own = freezes.filter(({ components }) => components === undefined || includes(components, what));
  const freeze = freezeAt(own, now);
  if (freeze !== undefined) {
    return { for: "freeze", id: freeze.id, name: freeze.name, until: thawOf(own, freeze.to) };
  }
  if (plan.window !== "required" || windows.some(({ from, to }) => from <= now && now < to)) return undefined;
  const next = windows
    .map(({ from }) => from)
    .filter((from) => from > now)
    .sort()[0];
  return { for: "window", ...(next === undefined ? {} : { until: next }) };
}

function onlyLooks(what: Advancing): boolean {
  if (what === "start" || !("kind" in what)) return false;
  return what.kind === "check" || what.kind === "probe" || (what.kind === "manual" && what.inFreeze === "go");
}

/** A freeze of some components holds what is about those alone. */
function includes(components: readonly string[], what: Advancing): boolean {
  if (what === "start") return false;
  if (!("kind" in what)) return components.includes(what.component);
  return isPhase(what) && components.includes(what.component);
}

/** When a freeze is over, and every other that it runs into. */
function thawOf(freezes: readonly Stretch[], to: Instant): Instant {
  const next = freezeAt(freezes, to);
  return next === undefined ? to : thawOf(freezes, next.to);
}
