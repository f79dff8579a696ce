import type { Me, ReleaseView } from "@gonogo/client";
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

export function voteActions(view: View, role: string): Action[] {
  return view.actions.filter(({ command }) => command.type === "Vote" && command.role === role);
}
