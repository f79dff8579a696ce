import type { CalendarView } from "@gonogo/client";
import { useState } from "preact/hooks";
import { Time } from "../clock/time.tsx";
import { Field } from "../kit/field.tsx";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { useChange } from "../kit/use-change.ts";
import { WithReason } from "../kit/with-reason.tsx";
import { useSession } from "../session/session.tsx";

interface Props {
  readonly view: CalendarView;
  readonly again: () => void;
}

/** Calendars that were taken in from elsewhere: by a feed that is fetched each hour, or from a file. */
export function Feeds({ view: { imports, changedAt, version }, again }: Props) {
  const { client } = useSession();
  return (
    <Section title="Calendars taken in">
      {imports.length === 0 && <Empty>None.</Empty>}
      <ul class="rows">
        {imports.map(({ name, kind, host, entries, at, stale }) => (
          <li key={name}>
            <div>
              {name} <span class="quiet">({kind}s)</span>
              <div class="quiet">
                {entries} entries{host !== undefined && ` from ${host}`}, <Time at={at} />
              </div>
              {stale !== undefined && (
                <div class="wrong">
                  Old since <Time at={stale.since} />: {stale.why}
                </div>
              )}
              <WithReason
                verb="Forget"
                what={name}
                effect="Its entries hold nothing any more."
                ask={(reason, key) => client.removeImport(name, reason, key)}
                said={`Forgotten: ${name}`}
                again={again}
              />
            </div>
            <Badge tone={stale === undefined ? "good" : "bad"}>{stale === undefined ? "fresh" : "old"}</Badge>
          </li>
        ))}
      </ul>
      <details>
        <summary>Take one in</summary>
        <TakeIn again={again} />
      </details>
      <p class="quiet">
        Version {version}
        {changedAt !== undefined && (
          <>
            , changed <Time at={changedAt} />
          </>
        )}
        .
      </p>
    </Section>
  );
}

const EMPTY = { name: "", kind: "freeze", url: "", reason: "" };

function TakeIn({ again }: { readonly again: () => void }) {
  const { client } = useSession();
  const [values, setValues] = useState(EMPTY);
  const [file, setFile] = useState<File>();
  const { change, refusal } = useChange(() => {
    setValues(EMPTY);
    setFile(undefined);
    again();
  });
  const isAbout = (field: string): boolean => {
    if (refusal === undefined) return false;
    if (/feed|not-read|outside/.test(refusal.code) || /^(url|the body|text):/.test(refusal.message))
      return field === "url";
    return field === (/^name:/.test(refusal.message) ? "name" : "reason");
  };
  const field = (of: keyof typeof EMPTY, label: string) => ({
    label,
    value: values[of],
    wrong: isAbout(of) ? refusal?.message : undefined,
    onInput: (value: string) => setValues({ ...values, [of]: value }),
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    const { name, url, reason } = values;
    const kind = values.kind === "freeze" ? "freeze" : "window";
    const content = file === undefined ? { url } : { text: await file.text() };
    const wish = { kind, reason, ...content } as const;
    await change((key) => client.importCalendar(name, wish, key), `Taken in: ${name}`, JSON.stringify(wish));
  };
  return (
    <form onSubmit={submit}>
      <div class="fields">
        <Field {...field("name", "Name")} hint="Lower-case letters, digits and -" required />
        <Field
          {...field("kind", "Its entries are")}
          options={[
            { value: "freeze", text: "freezes" },
            { value: "window", text: "maintenance windows" },
          ]}
        />
        <Field {...field("url", "Address of the feed")} hint="https; or choose a file" type="url" />
      </div>
      <div class="field">
        <label class="button">
          Choose an .ics file
          <input
            class="hidden"
            type="file"
            accept=".ics,text/calendar"
            onChange={({ currentTarget: { files } }) => setFile(files?.[0])}
          />
        </label>{" "}
        {file?.name}
      </div>
      <Field {...field("reason", "Why it is taken in")} type="prose" required />
      <div class="field">
        <button type="submit" class="primary">
          Take it in
        </button>
      </div>
    </form>
  );
}
