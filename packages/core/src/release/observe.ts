import { settleArchive } from "../archive/decide.ts";
import { settleVerification } from "../baseline/decide.ts";
import { settleStorms } from "../decision/causes.ts";
import { settleCalendar } from "../freeze/decide.ts";
import { heldBack } from "../freeze/hold.ts";
import { settleGates } from "../gate/decide.ts";
import { settleReadiness } from "../gate/readiness.ts";
import { settleHypercare } from "../hypercare/decide.ts";
import { spoken } from "../kit/duration.ts";
import { latest, plus } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import { dropMessages, settleMessages } from "../message/decide.ts";
import { finite } from "../metric/judge.ts";
import { settleObligations } from "../obligation/decide.ts";
import { settlePoll } from "../poll/decide.ts";
import { settleQuotas } from "../quota/decide.ts";
import { settleTail } from "../review/decide.ts";
import { settlePutBack, startRollback } from "../rollback/decide.ts";
import { settleAlarms, settleCalm } from "../signal/decide.ts";
import { settleTagged } from "../signal/tagged.ts";
import { settleOverdue } from "../step/decide.ts";
import { settleConditions } from "../trigger/decide.ts";
import { settleWatches } from "../watch/decide.ts";
import { ask, pause } from "./ask.ts";
import type { Seen } from "./commands.ts";
import type { Decision, Draft } from "./draft.ts";
import { settleTargets } from "./drift.ts";
import { canStop, countedFrom, hasEnded, isArmed } from "./state.ts";

/**
 * The clock's visit: everything that time or the level of things brings about. What is dangerous is looked
 * at before what advances, so that a release never advances on the visit that stops it.
 */
export function observe(draft: Draft, all: Seen): Decision {
  const seen = { ...all, readings: all.readings.map(finite), recent: all.recent.map(finite) };
  if (hasEnded(draft.state.status)) return observeAfterwards(draft, seen);
  settleTagged(draft, seen.tagged, seen.alarms);
  settleQuotas(draft, seen.quotas);
  settleReadiness(draft, seen.readiness, seen.quotas);
  settleGates(draft);
  settleCalendar(draft, seen.calendar);
  settleExpiry(draft);
  settleTargets(draft, seen);
  settlePutBack(draft, seen.targets);
  settleCalm(draft);
  settleAlarms(draft, seen.alarms);
  settleConditions(draft, seen.recent);
  settleLimit(draft);
  settleSilence(draft);
  settleStorms(draft);
  settlePoll(draft);
  settleOverdue(draft);
  settleWatches(draft, seen);
  settleTail(draft, seen);
  settleMessages(draft);
  settleHypercare(draft, seen.readings);
  settleObligations(draft);
  return draft.decided();
}

/** After the end nothing of the release moves any more; what people owe and are told still comes due. */
function observeAfterwards(draft: Draft, seen: Seen): Decision {
  settleVerification(draft, seen.readings);
  settleMessages(draft);
  settleHypercare(draft, seen.readings);
  settleObligations(draft);
  settleArchive(draft);
  return draft.decided();
}

/** Gates that stay closed too long end the release: every wait ends (S10). */
function settleExpiry(draft: Draft): void {
  const { plan, state, now } = draft;
  const held = heldBack(plan, state, "start", now);
  const noWindow = held !== undefined && held.until === undefined;
  const cannotStart = state.startHeld.length > 0 || state.paused !== undefined || noWindow;
  if (state.status !== "gates" && !(state.status === "ready" && cannotStart)) return;
  // A release that was submitted late has as long as one that was submitted in time.
  const until = plus(latest(state.plannedT, state.submittedAt), plan.limits.gatesWithin);
  if (now < until) return;
  const what = state.status === "gates" ? "its gates did not open" : "it did not start";
  const why = `${what} within ${spoken(plan.limits.gatesWithin)} of its planned start`;
  dropMessages(draft, why);
  draft.emit({ type: "ReleaseAborted", why });
  tell(draft, "expired", "status", `aborted: ${why}`);
}

/** Past its longest duration the release stops shifting and asks; silence means rollback (S12). */
function settleLimit(draft: Draft): void {
  const { plan, state, now } = draft;
  const counted = countedFrom(state);
  if (!isArmed(state.status) || counted === undefined) return;
  if (now < plus(counted, plan.limits.maxDuration)) return;
  draft.emit({ type: "LimitReached", limit: plan.limits.maxDuration });
  const question = `It has run for ${spoken(plan.limits.maxDuration)}, its longest. Go on (resume) or roll back?`;
  pause(draft, "the longest duration is reached");
  ask(draft, { kind: "limit" }, question, "rollback");
  tell(draft, `limit-${now}`, "page", question);
}

/** Questions that nobody answered in time are answered by the plan. */
function settleSilence(draft: Draft): void {
  for (const [decision, asked] of Object.entries(draft.state.decisions)) {
    if (!canStop(draft.state.status)) return;
    if (asked.onSilence !== "rollback" || asked.by === undefined || draft.now < asked.by) continue;
    draft.emit({ type: "DecisionTaken", decision, answer: "nobody answered: rollback" });
    startRollback(draft, `nobody answered in time: ${asked.question}`, undefined, asked.causes);
  }
}
