import { tell } from "../message/auto.ts";
import { findComponent } from "../plan/graph.ts";
import { paceOf } from "../target/pace.ts";
import type { Observation } from "../target/port.ts";
import { ask, pause, settle } from "./ask.ts";
import type { Seen } from "./commands.ts";
import type { Draft } from "./draft.ts";
import { isArmed } from "./state.ts";

/** What targets say against what we know of them (S1). */
export function settleTargets(draft: Draft, seen: Pick<Seen, "targets">): void {
  for (const { component, observed } of seen.targets) settleTarget(draft, component, observed);
}

/** Whether the target is as we know it; where another hand has changed it, the release stops and says so. */
export function settleTarget(draft: Draft, component: string, observed: Observation): boolean {
  const known = draft.state.components[component];
  if (known === undefined || !isArmed(draft.state.status) || known.intended !== undefined) return true;
  if (same(known.observed, observed)) {
    if (known.drift !== undefined && !same(known.drift, observed)) {
      draft.emit({ type: "TargetObserved", component, observed });
      settle(draft, { kind: "drift", component }, "it is as it was");
    }
    return true;
  }
  const kind = findComponent(draft.plan, component)?.target.kind ?? "manual";
  const ours = [observed.primary, observed.secondary].every(
    (version) => version === undefined || version === known.previous || version === known.next,
  );
  const onward =
    observed.share >= known.observed.share && (observed.halted ?? false) === (known.observed.halted ?? false);
  if (paceOf(kind) === "curve" && known.touched && ours && onward) {
    draft.emit({ type: "TargetObserved", component, observed });
    return true;
  }
  if (known.drift !== undefined && same(known.drift, observed)) return false;
  const cause = `${component} was changed by somebody else: ${describe(known.observed)} became ${describe(observed)}`;
  draft.emit({ type: "DriftFound", component, expected: known.observed, seen: observed });
  pause(draft, cause);
  ask(draft, { kind: "drift", component }, `${cause}. Go on from there (resume) or roll back?`, "wait");
  tell(draft, `drift-${component}-${draft.now}`, "page", cause);
  return false;
}

/** Two observations of one state; revisions change without the traffic changing. */
export function same(a: Observation, b: Observation): boolean {
  return (
    a.primary === b.primary &&
    a.secondary === b.secondary &&
    Math.abs(a.share - b.share) < 1e-6 &&
    (a.halted ?? false) === (b.halted ?? false)
  );
}

/** As a person reads it: `8 at 10 %, 7 at 90 %`. */
export function describe(observed: Observation): string {
  const rest = Number((100 - observed.share).toFixed(4));
  const split =
    observed.secondary === undefined
      ? `${observed.primary} at 100 %`
      : `${observed.secondary} at ${observed.share} %, ${observed.primary} at ${rest} %`;
  return observed.halted === true ? `${split} (halted)` : split;
}
