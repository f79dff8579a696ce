import type { Me, ReleaseView } from "@gonogo/client";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Action } from "../action/inputs.ts";

type View = Pick<ReleaseView, "actions" | "status" | "checklist">;

/** What may be said about a check: its answers while it is open, the other answer once it has one. */
export function checkActions(view: View, check: string, me: Me | undefined): Action[] {
  const offered = view.actions.filter(
    ({ command }) =>
      (command.type === "AnswerCheck" || command.type === "OverrideCheck") && command.check === check,
  );
  if (offered.length > 0) return offered;
  const found = view.checklist.find(({ id }) => id === check);
  const isOpen = view.status === "gates" || view.status === "ready";
  if (found?.answer === undefined || !isOpen || me?.roles.includes(found.role) !== true) return [];
  const answer = found.answer === "yes" ? "no" : "yes";
  const word = answer === "yes" ? "Yes" : "No";
  return [
    {
      label: `Change to ${word}: ${found.check}`,
      effect: `The answer was ${found.answer === "yes" ? "Yes" : "No"}; both stay in the log.`,
      command: { type: "AnswerCheck", check, answer },
      needsReason: false,
      tone: "answer",
    },
  ];
}

/** What may be said in a role about the plan: approve, decline, or take back what was said. */
export function approvalActions(view: Pick<ReleaseView, "actions">, role: string): Action[] {
  return view.actions.filter(
    ({ command }) =>
      (command.type === "Approve" || command.type === "Decline" || command.type === "WithdrawApproval") &&
      command.role === role,
  );
}

/** Roles that one holds, and that are signed or voted here: each can be lent to somebody for this release. */
export function delegateActions(
  view: Pick<ReleaseView, "approvals" | "poll" | "status" | "t">,
  roles: readonly string[],
  now: number,
): Action[] {
  const isOpen = view.status === "gates" || view.status === "ready";
  const asked = new Set([
    ...view.approvals.flatMap(({ role, or = [] }) => [role, ...or]),
    ...(view.poll?.votes ?? []).map(({ role }) => role),
  ]);
  return roles
    .filter((role) => isOpen && asked.has(role))
    .map((role) => ({
      label: `Delegate ${role}`,
      effect: `Somebody else signs and votes as ${role} in your place, in this release.`,
      // Stand-ins until it is said to whom, and until when.
      command: { type: "Delegate", role, to: "whoever you name", until: inADay(now) },
      needsReason: true,
      tone: "answer",
    }));
}

const inADay = (now: number) => new Date(now + 86_400_000).toISOString() as Instant;

/** Ends what one has lent, or been lent, in this release. */
export function endActions(view: Pick<ReleaseView, "delegations">, me: string | undefined): Action[] {
  return view.delegations
    .filter(
      ({ over, everywhere, from, to }) => !over && everywhere === undefined && (from === me || to === me),
    )
    .map(({ role, to }) => ({
      label: `Withdraw the delegation of ${role}`,
      effect: "What was signed until then stands.",
      command: { type: "EndDelegation", role, to },
      needsReason: true,
      tone: "stop",
    }));
}

export function voteActions(view: View, role: string): Action[] {
  return view.actions.filter(({ command }) => command.type === "Vote" && command.role === role);
}
