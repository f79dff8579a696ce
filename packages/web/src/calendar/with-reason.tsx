import { useState } from "preact/hooks";
import { Field } from "../kit/field.tsx";
import { useChange } from "./use-change.ts";

interface Props {
  readonly verb: string;
  readonly what: string;
  readonly ask: (reason: string) => Promise<{ readonly told: readonly string[] }>;
  readonly said: string;
  readonly again: () => void;
}

/** Something that is done with a reason, and asks for it first. */
export function WithReason({ verb, what, ask, said, again }: Props) {
  const { change, refusal } = useChange(again);
  const [reason, setReason] = useState("");
  return (
    <details>
      <summary>
        {verb}
        <span class="hidden"> {what}</span>
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change(ask(reason), said);
        }}
      >
        <Field label="Why" value={reason} onInput={setReason} wrong={refusal?.message} required />
        <button type="submit">{verb} it</button>
      </form>
    </details>
  );
}
