import type { CommandRequest, ReleaseView } from "@gonogo/client";

export type Action = ReleaseView["actions"][number];

/** A field that goes with an answer. `into` is the command's own field, or the reason beside it. */
export interface Input {
  readonly into: "reason" | "note" | "evidence" | "output" | "result" | "value";
  readonly label: string;
  readonly required: boolean;
  readonly kind: "line" | "prose" | "number";
  readonly initial?: string;
}

/** What a person is asked for before an action is sent. */
export function inputsOf(action: Action): Input[] {
  const fields = fieldsOf(action.command);
  const reason: Input = { into: "reason", label: "Reason", required: true, kind: "prose" };
  return action.needsReason ? [...fields, reason] : fields;
}

function fieldsOf(command: Action["command"]): Input[] {
  const prose = (into: Input["into"], label: string): Input => ({
    into,
    label,
    required: false,
    kind: "prose",
  });
  switch (command.type) {
    case "AnswerCheck":
      return [prose("note", "Note"), prose("evidence", "Evidence (a link, a build, a value)")];
    case "CompleteStep":
      return [prose("output", "What was seen"), prose("evidence", "Evidence (a link, a value)")];
    case "CompletePutBack":
      return [prose("output", "What was seen")];
    case "Approve":
    case "Decline":
      return [prose("note", "Note")];
    case "Vote":
      return [prose("reason", "Reason")];
    case "RecordValidation":
      return [{ into: "result", label: "Result", required: true, kind: "line", initial: command.result }];
    case "GiveReading":
      return [{ into: "value", label: "Value", required: true, kind: "number" }, prose("note", "Note")];
    default:
      return [];
  }
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
  const filled = inputsOf(action).flatMap(({ into, kind }): [string, string | number][] => {
    const value = (values[into] ?? "").trim();
    if (value === "" || into === "reason") return [];
    return [[into, kind === "number" ? Number(value.replace(",", ".")) : value]];
  });
  const reason = (values.reason ?? "").trim();
  return {
    command: { ...action.command, ...Object.fromEntries(filled) },
    ...(reason === "" ? {} : { reason }),
  };
}
