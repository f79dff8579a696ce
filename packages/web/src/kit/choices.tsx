interface Props {
  readonly label: string;
  /** Those that are chosen, with a space between. */
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
  readonly wrong: string | undefined;
}

/** Any number out of a few, each with what it means. */
export function Choices({ label, value, onInput, choices, wrong }: Props) {
  const chosen = value.split(" ").filter(Boolean);
  const toggle = (one: string, isOn: boolean) =>
    onInput([...chosen.filter((other) => other !== one), ...(isOn ? [one] : [])].join(" "));
  return (
    <fieldset class="field choices">
      <legend>{label}</legend>
      {choices.map(({ value: one, text }) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={(event) => toggle(one, event.currentTarget.checked)}
          />
          <span>
            <code>{one}</code> <span class="quiet">{text}</span>
          </span>
        </label>
      ))}
      {wrong !== undefined && <p class="wrong">{wrong}</p>}
    </fieldset>
  );
}
