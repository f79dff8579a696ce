import type { CommandRequest, ReleaseView } from "@gonogo/client";
import { evidenceIn, evidenceText, type Reference } from "../evidence/reference.ts";

export type Action = ReleaseView["actions"][number];

/** A field that goes with an answer. `into` is the command's own field, or the reason beside it. */
export interface Input {
  readonly into:
    | "reason"
    | "note"
    | "evidence"
    | "output"
    | "result"
    | "value"
    | "to"
    | "until"
    | "summary"
    | "how";
  readonly label: string;
  readonly required: boolean;
  /** `person`: their id; `moment`: a day and a time in UTC. */
  readonly kind: "line" | "prose" | "number" | "evidence" | "person" | "moment";
  readonly initial?: string;
}

/** What a person is asked for before an action is sent. */
export function inputsOf(action: Action): Input[] {
  const isAct = action.needsEvidence === true;
  const fields = fieldsOf(action.command).map((one) =>
    isAct && one.into === "evidence" ? { ...one, required: true } : one,
  );
  const reason: Input = { into: "reason", label: "Reason", required: true, kind: "prose" };
  return action.needsReason ? [...fields, reason] : fields;
}

const EVIDENCE: Input = { into: "evidence", label: "Evidence", required: false, kind: "evidence" };

function fieldsOf(command: Action["command"]): Input[] {
  const prose = (into: Input["into"], label: string): Input => ({
    into,
    label,
    required: false,
    kind: "prose",
  });
  switch (command.type) {
    case "AnswerCheck":
      return [prose("note", "Note"), EVIDENCE];
    case "CompleteStep":
      return [
        { ...prose("output", "What was seen"), ...initially(command.output) },
        { ...EVIDENCE, ...initially(evidenceText(command.evidence)) },
      ];
    case "CompletePutBack":
      return [prose("output", "What was seen")];
    case "Approve":
    case "Decline":
      return [prose("note", "Note")];
    case "Vote":
      return [prose("reason", "Reason")];
    case "RecordValidation":
      return [
        { into: "result", label: "Result", required: true, kind: "line", initial: command.result },
        EVIDENCE,
      ];
    case "CompleteObligation":
      return [prose("note", "What was done"), { ...EVIDENCE, kind: "prose" }];
    case "GiveReading":
      return [{ into: "value", label: "Value", required: true, kind: "number" }, prose("note", "Note")];
    case "AnswerHypercare":
      return [{ into: "result", label: "What was seen", required: true, kind: "line" }];
    case "Delegate":
      return [
        { into: "to", label: "To whom (their id, psn_…)", required: true, kind: "person" },
        { into: "until", label: "Until, in UTC", required: true, kind: "moment" },
      ];
    case "DeclareIncident":
      return [{ ...prose("summary", "What is wrong"), required: true }];
    case "ResolveIncident":
      return [{ ...prose("how", "What ended it"), required: true }];
    default:
      return [];
  }
}

function initially(text: string | undefined): { initial?: string } {
  return text === undefined || text === "" ? {} : { initial: text };
}

/** Which required fields are still empty, or hold no number where one is wanted. */
export function missing(inputs: readonly Input[], values: Readonly<Record<string, string>>): Input[] {
  return inputs.filter(({ into, required, kind }) => {
    const value = (values[into] ?? "").trim();
    if (value === "") return required;
    return kind === "number" && !Number.isFinite(Number(value.replace(",", ".")));
  });
}

/** The request that goes out: the action's command with what was typed. */
export function requestOf(action: Action, values: Readonly<Record<string, string>>): CommandRequest {
  const filled = inputsOf(action).flatMap(({ into, kind }): [string, string | number | Reference][] => {
    const value = (values[into] ?? "").trim();
    if (value === "" || into === "reason") return [];
    if (kind === "number") return [[into, Number(value.replace(",", "."))]];
    if (kind === "moment") return [[into, `${value}Z`]];
    return [[into, kind === "evidence" ? evidenceIn(value) : value]];
  });
  const reason = (values.reason ?? "").trim();
  return {
    command: { ...action.command, ...Object.fromEntries(filled) } as Action["command"],
    ...(reason === "" ? {} : { reason }),
  };
}
