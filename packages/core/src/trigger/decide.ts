import { toMs } from "../kit/duration.ts";
import { toMillis } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import type { Reading } from "../metric/judge.ts";
import { holdAgainst, type Met } from "../metric/relative.ts";
import { type Condition, formatValue, parseCondition } from "../metric/threshold.ts";
import type { Plan } from "../plan/schema.ts";
import { ask, pause } from "../release/ask.ts";
import type { Draft } from "../release/draft.ts";
import { isArmed, type ReleaseState } from "../release/state.ts";
import { scopeOf, startRollback } from "../rollback/decide.ts";
import type { Trigger } from "./schema.ts";

export function conditionOf(trigger: Trigger): Condition | undefined {
  if (trigger.when === undefined) return undefined;
  const result = parseCondition(trigger.when);
  return result.ok ? result.value : undefined;
}

/** Whether a reading of the trigger's metric meets its condition; undefined where it has none, or no value. */
export function conditionMet(
  plan: Plan,
  state: ReleaseState,
  trigger: Trigger,
  reading: Reading | undefined,
): Met | undefined {
  const condition = conditionOf(trigger);
  const metric = plan.metrics.find(({ id }) => id === trigger.metric);
  if (condition === undefined || metric === undefined || reading?.value === undefined) return undefined;
  return holdAgainst(condition, metric, reading, { baseline: state.baseline?.readings[metric.id] });
}

/** The trigger in words, for messages and questions. */
export function describeTrigger(trigger: Trigger): string {
  return trigger.when ?? trigger.says ?? trigger.id;
}

/** The component that a trigger speaks of: its own, or its metric's. */
export function componentOf(plan: Plan, trigger: Trigger): string | undefined {
  return trigger.component ?? plan.metrics.find(({ id }) => id === trigger.metric)?.component;
}

/** Whether the release has yet shifted anything that this trigger could be about. */
export function hasShifted(draft: Draft, trigger: Trigger): boolean {
  const component = componentOf(draft.plan, trigger);
  return Object.entries(draft.state.components).some(
    ([id, state]) => state.touched && (component === undefined || id === component),
  );
}

/** Whether it puts back more than the rollback that is under way. */
export function widensRollback({ plan, state }: Draft, trigger: Trigger): boolean {
  const { rollback, status } = state;
  if (status !== "rolling-back" || rollback === undefined || trigger.respond !== "rollback") return false;
  return !scopeOf(plan, trigger.component).every((component) => rollback.scope.includes(component));
}

/** Carries out a trigger's response. Once: until somebody has decided to go on in spite of it. */
export function fire(draft: Draft, trigger: Trigger, cause: string): void {
  if (draft.state.triggers[trigger.id]?.firedAt !== undefined) return;
  draft.emit({ type: "TriggerFired", trigger: trigger.id, respond: trigger.respond, cause });
  const about = { kind: "trigger", trigger: trigger.id } as const;
  switch (trigger.respond) {
    case "rollback":
      startRollback(draft, cause, trigger.component);
      return;
    case "evaluate":
    case "reduce":
      pause(draft, cause);
      ask(draft, about, `${cause}. Go on (resume) or roll back?`, "rollback", trigger.decideWithin);
      tell(
        draft,
        `trigger-${trigger.id}-${draft.now}`,
        "page",
        `${cause}: a decision is needed, or it is rolled back`,
      );
      return;
    case "pause":
      pause(draft, cause);
      ask(draft, about, `${cause}. Go on (resume) or roll back?`, "wait");
      tell(draft, `trigger-${trigger.id}-${draft.now}`, "page", `paused. ${cause}`);
      return;
    case "notify":
      tell(
        draft,
        `trigger-${trigger.id}-${draft.now}`,
        "status",
        `${trigger.owner}: ${cause}. ${trigger.action ?? ""}`.trim(),
      );
      return;
  }
}

/**
 * Conditions that gonogo judges itself, from readings of the last minutes: the breach must last as long as
 * the condition says, seen at every look in between.
 */
export function settleConditions(draft: Draft, recent: readonly Reading[]): void {
  for (const trigger of draft.plan.triggers) {
    if (!isArmed(draft.state.status)) return;
    const condition = conditionOf(trigger);
    const reading = recent.find(({ metric }) => metric === trigger.metric);
    if (condition === undefined || reading?.value === undefined) continue;
    if (!hasShifted(draft, trigger)) continue;
    const state = draft.state.triggers[trigger.id];
    const met = conditionMet(draft.plan, draft.state, trigger, reading);
    if (met?.kind === "met") {
      if (state?.breachedSince === undefined) {
        draft.emit({ type: "TriggerBreached", trigger: trigger.id, reading });
      }
      const since = draft.state.triggers[trigger.id]?.breachedSince ?? draft.now;
      const lasted = toMillis(draft.now) - toMillis(since);
      if (lasted < (condition.sustained === undefined ? 0 : toMs(condition.sustained))) continue;
      if (state?.firedAt !== undefined) continue;
      const limit = condition.relative === undefined ? "" : `, the limit ${met.limit}`;
      fire(draft, trigger, `${trigger.when}: it is ${formatValue(reading.value, reading.unit)}${limit}`);
    } else if (met?.kind === "unmet" && state?.breachedSince !== undefined && state.firedAt === undefined) {
      draft.emit({ type: "TriggerCleared", trigger: trigger.id, reading });
    }
  }
}
