import type { Cause } from "../decision/events.ts";
import { plus } from "../kit/instant.ts";
import type { Draft } from "./draft.ts";
import type { DecisionAbout } from "./events.ts";

/** Stops everything from shifting, from this moment. */
export function pause(draft: Draft, cause: string): void {
  if (draft.state.paused === undefined) draft.emit({ type: "ReleasePaused", cause });
}

/** A key for a question: the same thing is asked once. */
export function decisionId(about: DecisionAbout): string {
  switch (about.kind) {
    case "phase":
    case "step":
      return `${about.kind}:${about.step}`;
    case "trigger":
      return `trigger:${about.trigger}`;
    case "drift":
      return `drift:${about.component}`;
    case "alarm":
      return `alarm:${about.alarm}`;
    case "validation":
      return `validation:${about.validation}`;
    case "poll":
    case "limit":
      return about.kind;
  }
}

/** Asks those who may decide. Where silence is given a meaning, it is after the plan's `decideWithin`. */
export function ask(
  draft: Draft,
  about: DecisionAbout,
  question: string,
  onSilence: "rollback" | "wait",
  within = draft.plan.limits.decideWithin,
  causes: readonly Cause[] = [],
): void {
  const decision = decisionId(about);
  if (draft.state.decisions[decision] !== undefined) return;
  draft.emit({
    type: "DecisionAsked",
    decision,
    about,
    question,
    ...(onSilence === "rollback" ? { by: plus(draft.now, within) } : {}),
    onSilence,
    ...(causes.length === 0 ? {} : { causes }),
  });
}

export function settle(draft: Draft, about: DecisionAbout, answer: string): void {
  const decision = decisionId(about);
  if (draft.state.decisions[decision] !== undefined) draft.emit({ type: "DecisionTaken", decision, answer });
}
