import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Choices } from "./choices.tsx";
import { Field, type FieldKind, type Known } from "./field.tsx";
import { useChange } from "./use-change.ts";

/** What is asked for before something is done. */
export interface Asked<N extends string> {
  readonly name: N;
  readonly label: string;
  readonly hint?: string;
  readonly type?: FieldKind;
  readonly options?: readonly Known[];
  readonly known?: readonly Known[];
  /** Any number of them, instead of a text; the value has them with a space between. */
  readonly choices?: readonly { readonly value: string; readonly text: string }[];
  readonly optional?: true;
}

type Values<N extends string> = Readonly<Record<N | "reason", string>>;

interface Props<N extends string, T extends object> {
  readonly fields: readonly Asked<N>[];
  readonly initial?: Partial<Values<N>>;
  /** What stands on the button. */
  readonly verb: string;
  readonly tone?: "primary" | "danger";
  /** What exactly will happen, said before it is done. */
  readonly effect: (values: Values<N>) => ComponentChildren;
  readonly ask: (values: Values<N>, key: string) => Promise<T>;
  readonly said: (values: Values<N>) => string;
  /** Which field a refusal of this code is about; unset, the one that it names, or the reason. */
  readonly about?: Readonly<Record<string, N>>;
  readonly reasonLabel?: string;
  readonly done: (answer: T) => void;
  readonly disabled?: boolean;
}

/** Takes what is needed and a reason, says what will happen, and does it; a refusal stands at its field. */
export function AskForm<N extends string, T extends object>(props: Props<N, T>) {
  const { fields, initial, verb, tone = "primary", effect, ask, said, about, done, disabled } = props;
  const empty = () => {
    const all = [...fields.map(({ name }) => name), "reason"].map((name) => [name, ""]);
    return { ...Object.fromEntries(all), ...initial } as Values<N>;
  };
  const [values, setValues] = useState(empty);
  const { change, refusal, busy } = useChange(() => setValues(empty()));
  const wrongAt = refusal === undefined ? undefined : fieldOf(refusal, fields, about);
  const field = (name: N | "reason") => ({
    value: values[name],
    wrong: wrongAt === name ? refusal?.message : undefined,
    onInput: (value: string) => setValues({ ...values, [name]: value }),
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    const mark = JSON.stringify(values);
    const answer = await change((key) => ask(values, key), said(values), mark);
    if (answer !== undefined) done(answer);
  };
  return (
    <form onSubmit={submit}>
      <div class="fields">
        {fields
          .filter(({ choices }) => choices === undefined)
          .map(({ name, choices: _, optional, ...asked }) => (
            <Field key={name} {...asked} {...field(name)} required={optional !== true} />
          ))}
      </div>
      {fields.map(
        ({ name, label, choices }) =>
          choices !== undefined && <Choices key={name} {...field(name)} label={label} choices={choices} />,
      )}
      <div class="foreseen" aria-live="polite">
        {effect(values)}
      </div>
      <Field label={props.reasonLabel ?? "Reason"} type="prose" {...field("reason")} required />
      <div class="field">
        <button type="submit" class={tone} disabled={busy || disabled === true}>
          {busy ? "Sending …" : verb}
        </button>
      </div>
    </form>
  );
}

/** The field that a refusal is about: the one that its code stands for, or that its message begins with. */
export function fieldOf<N extends string>(
  { code, message }: { readonly code: string; readonly message: string },
  fields: readonly Pick<Asked<N>, "name">[],
  about: Readonly<Record<string, N>> = {},
): N | "reason" {
  const [, named] = /^(\w+)(?:[./]\w+)*: /.exec(message) ?? [];
  return about[code] ?? fields.find(({ name }) => name === named)?.name ?? "reason";
}
