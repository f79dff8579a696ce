import { spokenChange } from "@gonogo/core/revision/differs";
import type { PlanRevised } from "@gonogo/core/revision/events";

/** A revision of the plan, in a sentence without an end. */
export function revised({ revision, changes, more = 0, voided }: PlanRevised): string {
  const fallen = voided.approvals.length + voided.checks.length + voided.votes.length + voided.steps.length;
  const what = changes.slice(0, 5).map(spokenChange).join("; ");
  const rest = Math.max(0, changes.length - 5) + more;
  const others = rest === 0 ? "" : `; and ${rest} more`;
  return `revised the plan (revision ${revision}): ${what}${others}${fallen === 0 ? "" : `; ${fallen} void`}`;
}
