import { type Duration, hours } from "../kit/duration.ts";
import { earliest, type Instant } from "../kit/instant.ts";
import { findComponent } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { isPhase } from "../step/schema.ts";
import type { Target } from "../target/schema.ts";

/** A release as the log of another looks back at it. */
export interface Past {
  readonly plan: Plan;
  readonly state: ReleaseState;
}

/** A version of a component, and what it runs on. */
export interface Artefact {
  readonly target: Target;
  readonly version: string;
}

/** How long a version has to have run in staging: a day, unless the plan is a hotfix or says otherwise. */
export function soakOf(plan: Plan, probe: { readonly soak?: Duration | undefined }): Duration {
  return probe.soak ?? plan.hotfix?.soak ?? hours(24);
}

/** What a plan releases of a component; undefined where nobody knows its version. */
export function artefactOf(plan: Plan, component: string): Artefact | undefined {
  const target = findComponent(plan, component)?.target;
  if (target === undefined || !("version" in target) || target.version === "newest") return undefined;
  return { target, version: target.version };
}

/** What a release moved a component to; undefined when it never took it. */
export function releasedBy({ plan, state }: Past, component: string): Artefact | undefined {
  const target = findComponent(plan, component)?.target;
  const version = state.components[component]?.next;
  return target === undefined || version === undefined ? undefined : { target, version };
}

/** Since when all traffic was on the new version; undefined when it never was, or was put back. */
export function fullSince({ plan, state }: Past, component: string): Instant | undefined {
  if (state.rollback !== undefined || !["reviewing", "completed"].includes(state.status)) return undefined;
  const full = plan.steps
    .filter(isPhase)
    .filter((phase) => phase.component === component && phase.percent === 100)
    .flatMap(({ id }) => state.steps[id]?.shiftedAt ?? []);
  const [first, ...others] = full;
  return first === undefined ? undefined : earliest(first, ...others);
}

/** When another release moved the component away from it, if one did. */
export function movedAwayAt(
  { state: own }: Past,
  others: readonly Past[],
  component: string,
  after: Instant,
): Instant | undefined {
  const moved = others
    .filter(({ state }) => state.id !== own.id)
    .flatMap(({ state }) => state.components[component]?.firstTouchedAt ?? [])
    .filter((at) => at > after);
  const [first, ...rest] = moved;
  return first === undefined ? undefined : earliest(first, ...rest);
}

/** Whether a place is the same function or app, so that version numbers mean the same in both. */
export function isSamePlace(a: Target, b: Target): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "lambda-alias":
      return (
        b.kind === a.kind && a.function === b.function && a.region === b.region && a.account === b.account
      );
    case "app-store":
      return b.kind === a.kind && a.app === b.app;
    case "google-play":
      return b.kind === a.kind && a.package === b.package;
    default:
      return false;
  }
}
