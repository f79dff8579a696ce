import { signersOf } from "../approval/schema.ts";
import { type Standing, standingOf } from "../approval/standing.ts";
import type { ApprovalState } from "../approval/state.ts";
import type { Instant } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ApprovalView, SignatureView, WaitView } from "./schema.ts";

/** The approvals as people see them: where each role stands, and who has signed. */
export function approvalViews(plan: Plan, state: ReleaseState, now: Instant): ApprovalView[] {
  return plan.approvals.map((rule) => {
    const standing = standingOf(plan, state, rule, now);
    const { given, declined, expired, needed, waitsFor } = standing;
    const verdict = verdictOf(standing);
    const last = (declined.length > 0 ? declined : given).at(-1);
    return {
      role: rule.role,
      needed,
      given: given.length,
      signatures: [...declined, ...given, ...expired].map((one) => signatureView(one, expired.includes(one))),
      ...(rule.or === undefined ? {} : { or: rule.or }),
      ...(waitsFor.length === 0 ? {} : { waitsFor }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(last === undefined ? {} : { by: last.by, at: last.at }),
      ...(last?.note === undefined ? {} : { note: last.note }),
    };
  });
}

function verdictOf({ declined, isComplete }: Standing): ApprovalView["verdict"] {
  if (declined.length > 0) return "declined";
  return isComplete ? "given" : undefined;
}

function signatureView(signature: ApprovalState, isExpired: boolean): SignatureView {
  const { verdict, plan: _, ...rest } = signature;
  return { ...rest, verdict: isExpired ? "expired" : verdict };
}

/** Whose signature is waited for; who cannot sign yet is not waited for. */
export function approvalWaits(plan: Plan, state: ReleaseState, now: Instant): WaitView[] {
  return plan.approvals.flatMap((rule): WaitView[] => {
    const { isComplete, declined, given, expired, needed, waitsFor } = standingOf(plan, state, rule, now);
    if (isComplete) return [];
    const who = signersOf(rule);
    if (declined.length > 0) return [{ what: "Declined", who, urgent: false }];
    if (waitsFor.length > 0) {
      return [{ what: `Approval, after ${oneOf(waitsFor, "and")}`, who, urgent: false }];
    }
    const again = expired.length > 0 ? "Approval again, it has expired" : "Approval";
    return [{ what: needed > 1 ? `${again}: ${given.length} of ${needed}` : again, who, urgent: false }];
  });
}
