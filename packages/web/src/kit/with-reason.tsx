import type { ComponentChildren } from "preact";
import { AskForm } from "./ask-form.tsx";

interface Props {
  readonly verb: string;
  readonly what: string;
  /** What exactly will happen. */
  readonly effect: ComponentChildren;
  readonly ask: (reason: string, key: string) => Promise<object>;
  readonly said: string;
  readonly again: () => void;
}

/** Something that ends something else: says what that means, and asks why before it is done. */
export function WithReason({ verb, what, effect, ask, said, again }: Props) {
  return (
    <details>
      <summary>
        {verb}
        <span class="hidden"> {what}</span>
      </summary>
      <AskForm<never, object>
        fields={[]}
        verb={`${verb} it`}
        tone="danger"
        reasonLabel="Why"
        effect={() => effect}
        ask={({ reason }, key) => ask(reason, key)}
        said={() => said}
        done={again}
      />
    </details>
  );
}
