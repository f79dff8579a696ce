import { attributed, lastChangeBefore } from "../decision/attribution.ts";
import { addCause, questionFor, rollbackKey } from "../decision/causes.ts";
import type { Cause } from "../decision/events.ts";
import { oweFix, whoDecides } from "../decision/matrix.ts";
import { toMs } from "../kit/duration.ts";
import { type Instant, toMillis } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import type { Reading } from "../metric/judge.ts";
import { holdAgainst, type Met } from "../metric/relative.ts";
import { type Condition, formatValue, parseCondition } from "../metric/threshold.ts";
import type { Plan } from "../plan/schema.ts";
import { ask, pause } from "../release/ask.ts";
import type { Draft } from "../release/draft.ts";
import { isArmed, type ReleaseState, type TriggerState } from "../release/state.ts";
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

/** What fired a trigger, besides its condition. */
export interface FiredBy {
  /** The alarm, as `source:name`. */
  readonly alarm?: string;
  /** Since when it looks bad, by the alarm's own clock. */
  readonly at?: Instant;
}

/**
 * Carries out a trigger's response. Once: until somebody has decided to go on in spite of it. What comes while
 * the same is decided or put back already is one more cause of that, and no second decision.
 */
export function fire(draft: Draft, trigger: Trigger, text: string, by: FiredBy = {}): void {
  const since = by.at ?? draft.now;
  const one = { text, trigger: trigger.id, at: since };
  const cause: Cause = by.alarm === undefined ? one : { ...one, alarm: by.alarm };
  if (draft.state.triggers[trigger.id]?.firedAt !== undefined) {
    joinCause(draft, trigger, cause);
    return;
  }
  const after = lastChangeBefore(draft.plan, draft.state, since);
  const fired = { type: "TriggerFired", trigger: trigger.id, respond: trigger.respond, cause: text } as const;
  draft.emit(after === undefined ? fired : { ...fired, after });
  const said = `${text}${attributed(draft.plan, draft.state, since)}`;
  switch (trigger.respond) {
    case "rollback":
      startRollback(draft, said, trigger.component, [...openCauses(draft), cause]);
      return;
    case "evaluate":
    case "reduce":
    case "pause": {
      const open = questionFor(draft.state, trigger);
      pause(draft, text);
      if (open !== undefined) addCause(draft, open, cause, trigger.decideWithin);
      else askAbout(draft, trigger, said, cause);
      return;
    }
    case "notify":
      tellOwner(draft, trigger, `${text}. ${trigger.action ?? ""}`.trim());
      return;
    case "fix-forward":
      fixForward(draft, trigger, text);
      return;
  }
}

function askAbout(draft: Draft, trigger: Trigger, said: string, cause: Cause): void {
  const about = { kind: "trigger", trigger: trigger.id } as const;
  const isPause = trigger.respond === "pause";
  const who = draft.plan.decisions === undefined ? "" : ` Asked: ${whoDecides(draft.plan)}.`;
  const question = `${said}. Go on (resume) or roll back?${who}`;
  ask(draft, about, question, isPause ? "wait" : "rollback", trigger.decideWithin, [cause]);
  const page = isPause ? `paused. ${said}` : `${said}: a decision is needed, or it is rolled back`;
  tell(draft, `trigger-${trigger.id}-${draft.now}`, "page", `${page}${who === "" ? "" : `.${who}`}`);
}

/** One more cause of what is being put back, or asked about, already. */
export function joinCause(draft: Draft, trigger: Trigger, cause: Cause): void {
  const key = rollbackKey(draft.state) ?? questionFor(draft.state, trigger);
  if (key !== undefined) addCause(draft, key, cause);
}

/** What was asked about and never answered is a cause of the rollback that comes instead. */
function openCauses({ state }: Draft): Cause[] {
  return Object.values(state.decisions).flatMap(({ causes = [] }) => causes);
}

function tellOwner(draft: Draft, { id, owner }: Trigger, text: string): void {
  tell(draft, `trigger-${id}-${draft.now}`, "status", `${owner}: ${text}`);
}

/** The release goes on, and its owner owes the repair. */
function fixForward(draft: Draft, trigger: Trigger, cause: string): void {
  const { id, owner } = trigger;
  draft.emit({ type: "FixForwardChosen", cause, owner, trigger: id });
  oweFix(draft, id, cause, owner);
  tellOwner(draft, trigger, `to be fixed forward: ${cause}. ${trigger.action ?? ""}`.trim());
}

/**
 * What only tells people, or has it repaired on the way, is over when it is well again, and fires anew should it
 * come back. What stopped the release is over when somebody has decided.
 */
export function mayClear({ respond }: Trigger, state: TriggerState): boolean {
  return state.firedAt === undefined || respond === "notify" || respond === "fix-forward";
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
      const text = `${trigger.when}: it is ${formatValue(reading.value, reading.unit)}${limit}`;
      fire(draft, trigger, text, { at: since });
    } else if (met?.kind === "unmet" && state?.breachedSince !== undefined && mayClear(trigger, state)) {
      draft.emit({ type: "TriggerCleared", trigger: trigger.id, reading });
    }
  }
}
