import { useId } from "preact/hooks";

export type FieldKind = "text" | "time" | "date" | "datetime-local" | "url" | "search" | "prose";

/** Something to choose; where it is not its own name, with its name. */
export type Known = string | { readonly value: string; readonly text: string };

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Why it was refused; said at the field. */
  readonly wrong?: string | undefined;
  readonly hint?: string;
  readonly type?: FieldKind;
  readonly options?: readonly Known[];
  /** What others have written there, to choose from. */
  readonly known?: readonly Known[];
  readonly required?: boolean;
}

/** A line, a text or a choice, with its label, what is wrong with it, and what it takes. */
export function Field({
  label,
  value,
  onInput,
  wrong,
  hint,
  type = "text",
  options,
  known,
  required,
}: Props) {
  const id = useId();
  const under = wrong ?? hint;
  const shared = {
    id,
    value,
    required: required === true,
    "aria-invalid": wrong !== undefined,
    ...(under === undefined ? {} : { "aria-describedby": `${id}-under` }),
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {options !== undefined ? (
        <select {...shared}>{options.map(option)}</select>
      ) : type === "prose" ? (
        <textarea rows={2} {...shared} />
      ) : (
        <input type={type} {...shared} {...(known === undefined ? {} : { list: `${id}-known` })} />
      )}
      {known !== undefined && <datalist id={`${id}-known`}>{known.map(option)}</datalist>}
      {under !== undefined && (
        <p id={`${id}-under`} class={wrong === undefined ? "quiet" : "wrong"}>
          {under}
        </p>
      )}
    </div>
  );
}

function option(one: Known) {
  const { value, text } = typeof one === "string" ? { value: one, text: one } : one;
  return (
    <option key={value} value={value}>
      {text}
    </option>
  );
}
