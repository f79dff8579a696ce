import type { SpanRequest } from "@gonogo/client";
import { useState } from "preact/hooks";
import { Time } from "../clock/time.tsx";
import { useNow } from "../clock/use-now.ts";
import { Field } from "../kit/field.tsx";
import { Section } from "../kit/parts.tsx";
import { type Refused, useChange } from "../kit/use-change.ts";
import { useSession } from "../session/session.tsx";
import { listIn } from "./rules.ts";

const LENGTHS = ["30m", "1h", "2h", "4h", "8h", "1d", "3d"];
const HOURS: Record<string, number> = { m: 1 / 60, h: 1, d: 24 };
const EMPTY = {
  name: "",
  from: "",
  length: "2h",
  environments: "",
  components: "",
  incident: "",
  reason: "",
};
/** Which field a refusal is about. */
const FIELD_OF: Record<string, keyof typeof EMPTY> = {
  "calendar.no-reason": "reason",
  "calendar.no-end": "length",
  "calendar.past": "length",
  "calendar.too-long": "length",
  "calendar.backwards": "from",
};

/** A freeze or a maintenance window, once: it says what that means before it is done. */
export function Declare({ again }: { readonly again: () => void }) {
  const { client } = useSession();
  const [kind, setKind] = useState<"freeze" | "window">("freeze");
  const [values, setValues] = useState(EMPTY);
  const { change, refusal } = useChange(() => {
    setValues(EMPTY);
    again();
  });
  const { name, from, length, environments, components, incident, reason } = values;
  const field = (of: keyof typeof EMPTY, label: string) => ({
    label,
    value: values[of],
    wrong: wrongAt(refusal, of),
    onInput: (value: string) => setValues({ ...values, [of]: value }),
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const wish: SpanRequest = {
      name,
      for: length,
      reason,
      ...(from === "" ? {} : { from: from.includes("T") ? from : from.trim().replace(" ", "T") }),
      ...(incident === "" ? {} : { incident }),
      ...(listIn(environments).length === 0 ? {} : { environments: listIn(environments) }),
      ...(listIn(components).length === 0 ? {} : { components: listIn(components) }),
    };
    void change(
      (key) => client.declare(kind, wish, key),
      kind === "freeze" ? `Frozen: ${name}` : `Declared: ${name}`,
      JSON.stringify(wish),
    );
  };
  return (
    <Section title="Freeze now, or once">
      <form onSubmit={submit}>
        <div class="fields">
          <Field
            label="Kind"
            value={kind}
            onInput={(value) => setKind(value === "freeze" ? "freeze" : "window")}
            options={[
              { value: "freeze", text: "freeze" },
              { value: "window", text: "maintenance window" },
            ]}
          />
          <Field {...field("name", "Name")} required />
          <Field {...field("length", "For")} options={LENGTHS} />
        </div>
        <details>
          <summary>Later, or for a part only</summary>
          <div class="fields">
            <Field {...field("from", "From, in UTC")} hint="Such as 2026-12-24 18:00; empty: at once" />
            <Field {...field("environments", "Environments")} hint="Separated by commas; empty: all" />
            <Field {...field("components", "Components")} hint="Separated by commas; empty: all" />
            <Field {...field("incident", "Incident")} />
          </div>
        </details>
        <Means kind={kind} from={from} length={length} scope={[environments, components]} />
        <Field {...field("reason", "Reason")} type="prose" required />
        <div class="field">
          <button type="submit" class="danger">
            {kind === "freeze" ? "Freeze" : "Declare the window"}
          </button>
        </div>
      </form>
    </Section>
  );
}

function wrongAt(refusal: Refused | undefined, field: string): string | undefined {
  if (refusal === undefined) return undefined;
  const [, invalid] = /^(\w+)(?:\/\d+)?: /.exec(refusal.message) ?? [];
  const about = FIELD_OF[refusal.code] ?? (invalid !== undefined && invalid in EMPTY ? invalid : "reason");
  return about === field ? refusal.message : undefined;
}

interface MeansProps {
  readonly kind: "freeze" | "window";
  readonly from: string;
  readonly length: string;
  readonly scope: readonly string[];
}

function Means({ kind, from, length, scope }: MeansProps) {
  const now = useNow(10_000);
  const begins = from === "" ? now : Date.parse(`${from.trim().replace(" ", "T").replace(/Z?$/, "Z")}`);
  const hours = Number.parseInt(length, 10) * (HOURS[length.slice(-1)] ?? 0);
  const parts = scope.flatMap(listIn);
  if (Number.isNaN(begins)) return <p class="wrong">Not a moment: {from}</p>;
  return (
    <p class="foreseen" aria-live="polite">
      {kind === "freeze" ? "Nothing shifts" : "Maintenance may be done"} in{" "}
      {parts.length === 0 ? "any environment" : parts.join(", ")} {from === "" ? "from now" : "from then"}{" "}
      until <Time at={new Date(Math.round((begins + hours * 3_600_000) / 60_000) * 60_000).toISOString()} />.
      {kind === "freeze" && " A rollback is never held by it."}
    </p>
  );
}
