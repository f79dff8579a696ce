import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { quoted } from "../input/quote.ts";

/** The command line by which a person asks for this. What they still have to fill in is in capitals. */
export function typed(release: string, command: PersonCommand): string {
  if (command.type === "CompleteObligation") {
    return `gonogo obligations complete ${quoted(release)} ${quoted(command.obligation)} --note "NOTE"`;
  }
  return ["gonogo release", ...words(quoted(release), command)].join(" ");
}

const REASON = '--reason "WHY"';

function words(release: string, command: Exclude<PersonCommand, { type: "CompleteObligation" }>): string[] {
  const role = "role" in command && command.role !== undefined ? `--role ${quoted(command.role)}` : "";
  switch (command.type) {
    case "AnswerCheck":
      return ["check", release, quoted(command.check), command.answer];
    case "OverrideCheck":
      return ["override", release, quoted(command.check), REASON];
    case "Approve":
      return ["approve", release, role];
    case "Decline":
      return ["decline", release, role, REASON];
    case "WithdrawApproval":
      return ["withdraw", release, role, REASON];
    case "Delegate":
      return ["delegate", release, role, `--to ${quoted(command.to)}`, `--until ${command.until}`, REASON];
    case "EndDelegation":
      return [
        "undelegate",
        release,
        role,
        ...(command.to === undefined ? [] : [`--to ${quoted(command.to)}`]),
      ];
    case "Vote":
      return ["vote", release, command.vote, role, ...(command.vote === "go" ? [] : [REASON])];
    case "CompleteStep":
      return ["complete", release, quoted(command.step), ...(command.ok ? [] : ["--failed"])];
    case "Pause":
    case "Resume":
    case "Rollback":
    case "Abort":
      return [command.type.toLowerCase(), release, REASON];
    case "Promote":
    case "Retry":
    case "Skip": {
      const step = command.step === undefined ? [] : [`--step ${quoted(command.step)}`];
      return [command.type.toLowerCase(), release, ...step, REASON];
    }
    case "ApproveStep":
      return ["approve-step", release, quoted(command.step), role];
    case "Decide": {
      const which = command.decision === undefined ? [] : [`--decision ${quoted(command.decision)}`];
      return ["decide", release, command.answer, ...which, ...(role === "" ? [] : [role]), REASON];
    }
    case "CopyArchive":
      return ["copy", release, command.place];
    case "LiftQuarantine":
      return ["lift", release, quoted(command.alarm), REASON];
    case "CompletePutBack":
      return ["put-back", release, quoted(command.item), ...(command.ok ? [] : ["--failed"])];
    case "GiveReading":
      return ["read", release, quoted(command.metric), String(command.value)];
    case "RecordValidation":
      return [
        "validate",
        release,
        quoted(command.validation),
        command.pass ? "pass" : "fail",
        '--result "RESULT"',
      ];
    case "AnswerHypercare":
      return [
        "hypercare",
        release,
        quoted(command.check),
        command.pass ? "pass" : "fail",
        '--result "RESULT"',
      ];
    case "DeclareIncident":
      return ["incident", release, '--summary "WHAT IS WRONG"'];
    case "ResolveIncident":
      return ["resolve", release, '--how "WHAT MENDED IT"'];
    case "SaveReview":
      return ["review", release, '--field "FIELD=TEXT"'];
    case "SignReview":
      return ["review", release, "--sign"];
  }
}
