import { useId, useState } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly unit: string;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly turn: (value: number) => void;
}

/** A number that is sent when Enter is pressed or the field is left. */
export function Dial({ label, unit, max, step, value, turn }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const send = () => {
    const number = Number(typed);
    if (typed !== undefined && typed.trim() !== "" && Number.isFinite(number) && number !== value) {
      turn(Math.min(max, Math.max(0, number)));
    }
    setTyped(undefined);
  };
  return (
    <div class="dial">
      <label for={id}>{label}</label>
      <span>
        <input
          id={id}
          type="number"
          min={0}
          max={max}
          step={step}
          value={typed ?? String(value)}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onChange={send}
          onBlur={send}
        />{" "}
        {unit}
      </span>
    </div>
  );
}
