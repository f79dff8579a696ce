import type { Action } from "./inputs.ts";

/** Actions about one thing, such as the Yes and the No of a check. */
export interface Matter {
  readonly key: string;
  readonly title: string;
  readonly actions: readonly Action[];
}

const STEERING: readonly Action["command"]["type"][] = ["Pause", "Resume", "Rollback", "Abort"];

/** What steers the release as a whole; always within reach. The most drastic comes last. */
export function steering(actions: readonly Action[]): Action[] {
  return STEERING.flatMap((type) => actions.filter(({ command }) => command.type === type));
}

/** All the rest, by tone and then by what it is about. The review has its own form. */
export function matters(actions: readonly Action[], tone: Action["tone"]): Matter[] {
  const found = new Map<string, Action[]>();
  for (const action of actions) {
    if (STEERING.includes(action.command.type) || action.command.type === "SignReview") continue;
    const key = aboutOf(action.command);
    found.set(key, [...(found.get(key) ?? []), action]);
  }
  return [...found]
    .filter(([, [first]]) => first?.tone === tone)
    .map(([key, about]) => ({ key, title: titleOf(about), actions: about }));
}

function aboutOf(command: Action["command"]): string {
  switch (command.type) {
    case "AnswerCheck":
    case "OverrideCheck":
      return `check ${command.check}`;
    case "Decide":
      return `decision ${command.decision ?? ""}`;
    case "LiftQuarantine":
      return `alarm ${command.alarm}`;
    case "CompleteObligation":
      return `obligation ${command.obligation}`;
    case "Approve":
    case "Decline":
    case "WithdrawApproval":
      return `approval ${command.role}`;
    case "Vote":
      return `vote ${command.role}`;
    case "ApproveStep":
    case "CompleteStep":
    case "Skip":
      return `step ${command.step}`;
    case "Retry":
    case "Promote":
      return `step ${command.step ?? ""}`;
    case "CompletePutBack":
      return `item ${command.item}`;
    case "RecordValidation":
      return `validation ${command.validation}`;
    case "GiveReading":
      return `metric ${command.metric}`;
    default:
      return command.type;
  }
}

function titleOf(actions: readonly Action[]): string {
  const label = actions[0]?.label ?? "";
  const colon = label.indexOf(": ");
  if (colon > 0) return label.slice(colon + 2);
  const role = / as (.+)$/.exec(label)?.[1];
  return role === undefined ? "" : `As ${role}`;
}

/** What stands on the button: the label without what the title already says. It begins the full label. */
export function shortLabel(action: Action): string {
  return action.label.split(/: | as /)[0] ?? action.label;
}
