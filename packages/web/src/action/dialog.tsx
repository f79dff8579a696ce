import { useEffect, useId, useRef, useState } from "preact/hooks";
import { EvidenceField, isUploading } from "../evidence/field.tsx";
import { usePeople } from "../person/names.tsx";
import { Difference } from "../plan/difference.tsx";
import { type Action, type Input, inputsOf, missing, requestOf } from "./inputs.ts";
import { useAsk } from "./use-ask.ts";
import { WhatHappens } from "./what-happens.tsx";

interface Props {
  readonly release: string;
  readonly action: Action;
  /** The revision that an approval is shown against. */
  readonly since?: number | undefined;
  readonly close: () => void;
  /** Called when it was accepted. */
  readonly done: () => void;
}

/** Says what will happen, takes what is needed, and sends it. Escape and Cancel do nothing. */
export function ActionDialog({ release, action, since, close, done }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const inputs = inputsOf(action);
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(inputs.map(({ into, initial = "" }) => [into, initial])),
  );
  const [tried, setTried] = useState(false);
  const { send, busy, refusal } = useAsk(release);
  const id = useId();
  const wanting = missing(inputs, values);
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (isUploading(dialog.current)) return;
    setTried(true);
    const [first] = wanting;
    if (first !== undefined) {
      document.getElementById(`${id}-${first.into}`)?.focus();
      return;
    }
    if (await send(requestOf(action, values), action.label)) {
      dialog.current?.close();
      done();
    }
  };

  return (
    <dialog ref={dialog} onClose={close} aria-labelledby={`${id}-title`} aria-describedby={`${id}-effect`}>
      <form onSubmit={submit} noValidate>
        <h2 id={`${id}-title`}>{action.label}</h2>
        {(action.command.type === "Approve" || action.command.type === "Decline") && (
          <>
            <p>
              Of the plan with the digest <code class="break">{action.command.plan}</code>
            </p>
            <Difference id={release} since={since} />
          </>
        )}
        <WhatHappens
          id={`${id}-effect`}
          release={release}
          effect={action.effect}
          request={requestOf(action, previewed(inputs, values))}
        />
        {inputs.map((input) => (
          <Field
            key={input.into}
            id={`${id}-${input.into}`}
            release={release}
            input={input}
            value={values[input.into] ?? ""}
            wrong={tried && wanting.includes(input)}
            onInput={(value) => setValues((before) => ({ ...before, [input.into]: value }))}
          />
        ))}
        {refusal !== undefined && (
          <p class="trouble" role="alert">
            Refused: {refusal}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={action.tone === "stop" ? "danger" : "primary"} disabled={busy}>
            {busy ? "Sending …" : confirmLabel(action)}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** What was typed matters to the record, not to what will happen, except where it is a number, a result, or says who and until when. */
function previewed(
  inputs: readonly Input[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = inputs.filter(
    ({ kind, into }) => ["number", "person", "moment"].includes(kind) || into === "result",
  );
  return Object.fromEntries(
    kept.map(({ into, kind }) => [into, values[into] || (kind === "number" ? "0" : "")]),
  );
}

function confirmLabel(action: Action): string {
  return action.label.length <= 24 ? action.label : (action.label.split(":")[0] ?? "Confirm");
}

interface FieldProps {
  readonly id: string;
  readonly release: string;
  readonly input: Input;
  readonly value: string;
  readonly wrong: boolean;
  readonly onInput: (value: string) => void;
}

function Field({ id, release, input, value, wrong, onInput }: FieldProps) {
  const names = usePeople();
  const shared = {
    id,
    value,
    required: input.required,
    "aria-invalid": wrong,
    ...(wrong ? { "aria-describedby": `${id}-wrong` } : {}),
  };
  return (
    <div class="field">
      <label for={id}>
        {input.label} {!input.required && <span class="quiet">(optional)</span>}
      </label>
      {input.kind === "evidence" ? (
        <EvidenceField id={id} release={release} value={value} onInput={onInput} />
      ) : input.kind === "prose" ? (
        <textarea {...shared} rows={2} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type={input.kind === "moment" ? "datetime-local" : "text"}
          inputMode={input.kind === "number" ? "decimal" : "text"}
          {...(input.kind === "person" ? { list: `${id}-known` } : {})}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      {input.kind === "person" && (
        <datalist id={`${id}-known`}>
          {Object.entries(names).map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </datalist>
      )}
      {wrong && (
        <p id={`${id}-wrong`} class="wrong">
          {input.kind === "number"
            ? "Please give a number."
            : `Please fill in: ${input.label.toLowerCase()}.`}
        </p>
      )}
    </div>
  );
}
