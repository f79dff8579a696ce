import type { Action } from "./inputs.ts";

interface Props {
  readonly action: Action;
  readonly choose: (action: Action) => void;
  /** What stands on the button; it begins the action's label, which is its name. */
  readonly text: string;
  readonly class?: string;
}

/** Opens the dialog of an action. */
export function ActionButton({ action, choose, text, class: more }: Props) {
  const tone = action.command.type === "Rollback" ? "danger" : action.tone === "stop" ? "warn" : "";
  return (
    <button
      type="button"
      class={more ?? tone}
      aria-haspopup="dialog"
      onClick={() => choose(action)}
      {...(text === action.label ? {} : { "aria-label": action.label })}
    >
      {text}
    </button>
  );
}
