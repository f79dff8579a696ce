import { settleGates, settlePoll } from "../gate/decide.ts";
import { spoken } from "../kit/duration.ts";
import { latest, plus } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import { dropMessages, settleMessages } from "../message/decide.ts";
import { findComponent } from "../plan/graph.ts";
import { settleTail } from "../review/decide.ts";
import { startRollback } from "../rollback/decide.ts";
import { settleAlarms } from "../signal/decide.ts";
import { settleOverdue } from "../step/decide.ts";
import { paceOf } from "../target/pace.ts";
import type { Observation } from "../target/port.ts";
import { settleConditions } from "../trigger/decide.ts";
import { settleWatches } from "../watch/decide.ts";
import { ask, pause } from "./ask.ts";
import type { Seen } from "./commands.ts";
import type { Decision, Draft } from "./draft.ts";
import { canStop, isArmed } from "./state.ts";

/**
 * The clock's visit: everything that time or the level of things brings about. What is dangerous is looked
 * at before what advances, so that a release never advances on the visit that stops it.
 */
export function observe(draft: Draft, seen: Seen): Decision {
  settleGates(draft);
  settleExpiry(draft);
  settleTargets(draft, seen);
  settleAlarms(draft, seen.alarms);
  settleConditions(draft, seen.recent);
  settleLimit(draft);
  settleSilence(draft);
  settlePoll(draft);
  settleOverdue(draft);
  settleWatches(draft, seen);
  settleTail(draft, seen);
  settleMessages(draft);
  return draft.decided();
}

/** Gates that stay closed too long end the release: every wait ends (S10). */
function settleExpiry(draft: Draft): void {
  const { plan, state, now } = draft;
  if (state.status !== "gates" && !(state.status === "ready" && state.startHeld.length > 0)) return;
  // A release that was submitted late has as long as one that was submitted in time.
  const until = plus(latest(state.plannedT, state.submittedAt), plan.limits.gatesWithin);
  if (now < until) return;
  const why = `its gates did not open within ${spoken(plan.limits.gatesWithin)} of its planned start`;
  dropMessages(draft, why);
  draft.emit({ type: "ReleaseAborted", why });
  tell(draft, "expired", "status", `aborted: ${why}`);
}

/** What a target says against what we know of it (S1). */
function settleTargets(draft: Draft, seen: Seen): void {
  for (const { component, observed } of seen.targets) {
    const known = draft.state.components[component];
    if (known === undefined || !isArmed(draft.state.status) || known.intended !== undefined) continue;
    if (same(known.observed, observed)) continue;
    const kind = findComponent(draft.plan, component)?.target.kind ?? "manual";
    const ours = [observed.primary, observed.secondary].every(
      (version) => version === undefined || version === known.previous || version === known.next,
    );
    const onward = observed.share >= known.observed.share && (observed.halted ?? false) === (known.observed.halted ?? false);
    const byItself = paceOf(kind) === "curve" && known.touched && ours && onward;
    if (byItself) {
      draft.emit({ type: "TargetObserved", component, observed });
    } else if (known.drift === undefined || !same(known.drift, observed)) {
      const cause = `${component} was changed by somebody else: ${describe(known.observed)} became ${describe(observed)}`;
      draft.emit({ type: "DriftFound", component, expected: known.observed, seen: observed });
      pause(draft, cause);
      ask(draft, { kind: "drift", component }, `${cause}. Go on from there (resume) or roll back?`, "wait");
      tell(draft, `drift-${component}-${draft.now}`, "page", cause);
    }
  }
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

/** Past its longest duration the release stops shifting and asks; silence means rollback (S12). */
function settleLimit(draft: Draft): void {
  const { plan, state, now } = draft;
  if (!isArmed(state.status) || state.t === undefined || state.limitReachedAt !== undefined) return;
  const limit = plus(state.t, plan.limits.maxDuration);
  if (now < limit) return;
  draft.emit({ type: "LimitReached", limit: plan.limits.maxDuration });
  const question = `It has run for ${spoken(plan.limits.maxDuration)}, its longest. Go on (resume) or roll back?`;
  pause(draft, "the longest duration is reached");
  ask(draft, { kind: "limit" }, question, "rollback");
  tell(draft, "limit", "page", question);
}

/** Questions that nobody answered in time are answered by the plan. */
function settleSilence(draft: Draft): void {
  for (const [decision, asked] of Object.entries(draft.state.decisions)) {
    if (!canStop(draft.state.status)) return;
    if (asked.onSilence !== "rollback" || asked.by === undefined || draft.now < asked.by) continue;
    draft.emit({ type: "DecisionTaken", decision, answer: "nobody answered: rollback" });
    startRollback(draft, `nobody answered in time: ${asked.question}`);
  }
}
