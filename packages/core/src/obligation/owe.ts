import { changeClassOf } from "../change/schema.ts";
import { days, hours } from "../kit/duration.ts";
import { plus } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { Draft } from "../release/draft.ts";
import type { ReleaseEvent } from "../release/events.ts";
import type { ActionItem } from "../review/answers.ts";
import type { ClosedBy } from "./events.ts";
import type { Blocks, ObligationRule } from "./schema.ts";

/** A review that nobody holds is asked for again, and then stands open as what it is: overdue. */
const REVIEW_WITHIN = days(7);
/** A rollback's postmortem is due within two days. */
const POSTMORTEM_WITHIN = hours(48);

export const REVIEW = "review";
export const POSTMORTEM = "postmortem";

/** The review that every release which was rolled out owes. A plan changes it by an obligation of that id. */
export function reviewRule(plan: Plan): ObligationRule {
  return (
    ruleOf(plan, REVIEW) ?? {
      id: REVIEW,
      what: "Hold the review and sign it",
      role: plan.review.role,
      within: REVIEW_WITHIN,
      from: "end",
      blocks: false,
    }
  );
}

/** The postmortem that every incident owes. A plan changes it by an obligation of that id. */
export function postmortemRule(plan: Plan): ObligationRule {
  return (
    ruleOf(plan, POSTMORTEM) ?? {
      id: POSTMORTEM,
      what: "Hold the postmortem and sign it as the release's review",
      role: plan.review.role,
      within: POSTMORTEM_WITHIN,
      from: "rollback",
      blocks: false,
    }
  );
}

/** What an emergency change leaves undone and has to make good, unless its plan says otherwise. */
function afterEmergency(role: string): ObligationRule[] {
  const owed = (id: string, what: string, blocks: Blocks): ObligationRule => {
    return { id, what, role, within: hours(24), from: "end", blocks };
  };
  return [
    owed(POSTMORTEM, "Hold the postmortem and sign it as the release's review", "overdue"),
    owed("merge-back", "Merge the change back to the main branch", true),
    owed(
      "why-not-caught",
      "Say why it was not caught earlier, and which test or gate catches it now",
      "overdue",
    ),
  ];
}

/** The plan's own; an emergency change that names none has those that every emergency has. */
export function obligationRules(plan: Plan): readonly ObligationRule[] {
  if (plan.obligations !== undefined) return plan.obligations;
  return changeClassOf(plan) === "emergency" ? afterEmergency(plan.review.role) : [];
}

function ruleOf(plan: Plan, id: string): ObligationRule | undefined {
  return obligationRules(plan).find((rule) => rule.id === id);
}

/** The signature under the review is what is owed; nothing else closes it. */
function closedBy(id: string): ClosedBy {
  return id === REVIEW || id === POSTMORTEM ? "review" : "person";
}

type Created = Extract<ReleaseEvent, { type: "ObligationCreated" }>;

/** Creates an obligation, counted from now; once, whatever comes about again. */
export function owe(
  draft: Draft,
  rule: Omit<ObligationRule, "from">,
  closing: Pick<Created, "act" | "closes"> = {},
): void {
  if (draft.state.obligations?.[rule.id] !== undefined) return;
  const created: ReleaseEvent = {
    type: "ObligationCreated",
    obligation: rule.id,
    what: rule.what,
    role: rule.role,
    due: plus(draft.now, rule.within),
    blocks: rule.blocks,
    closedBy: closedBy(rule.id),
    ...closing,
  };
  draft.emit(created);
}

/** An action item of the review, from its signature on. */
export function oweAction(draft: Draft, { id, what, role, due, blocks }: ActionItem): void {
  const obligation = `action-${id}`;
  if (draft.state.obligations?.[obligation] !== undefined) return;
  draft.emit({ type: "ObligationCreated", obligation, what, role, due, blocks, closedBy: "person" });
}

/** What falls to people at a turn of the release: `rolled-out`, `rolled-back` and so on. */
export function oweAll(draft: Draft, occasion: ObligationRule["from"]): void {
  for (const rule of obligationRules(draft.plan)) if (rule.from === occasion) owe(draft, rule);
}
