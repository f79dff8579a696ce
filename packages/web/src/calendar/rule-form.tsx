import type { CalendarRulesPreview, CalendarView } from "@gonogo/client";
import { useEffect, useState } from "preact/hooks";
import { ShortTime } from "../clock/time.tsx";
import { Field } from "../kit/field.tsx";
import { plainWords } from "../kit/format.ts";
import { Empty, Section } from "../kit/parts.tsx";
import { useChange } from "../kit/use-change.ts";
import { useSession } from "../session/session.tsx";
import { type Draft, draftOf, EMPTY_DRAFT, type Kind, rulesWith, wrongIn } from "./rules.ts";

interface Props {
  readonly view: CalendarView;
  readonly again: () => void;
}

const KINDS = [
  { value: "window", text: "maintenance window" },
  { value: "freeze", text: "freeze" },
];
const WHEN = [
  { value: "every", text: "again and again" },
  { value: "dates", text: "on dates" },
];
const HINTS = {
  every: "Such as Friday, weekday, first Tuesday, 15th, last day of March",
  dates: "Such as 12-24..12-26 for every year, 2026-12-24..2027-01-02 for once",
};
/** A moment after the last key. */
const REST_MS = 350;

/** What comes again and again: each rule, and a form that tells when it would fall before it is saved. */
export function RecurringRules({ view, again }: Props) {
  const { rules } = view;
  const [edited, setEdited] = useState<{ kind: Kind; name: string }>();
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const start = (next: Draft, of?: { kind: Kind; name: string }) => {
    setDraft(next);
    setEdited(of);
  };
  const all = [
    ...rules.freezes.map((rule) => ({ kind: "freeze" as const, rule })),
    ...rules.windows.map((rule) => ({ kind: "window" as const, rule })),
  ];
  return (
    <Section title="Recurring rules" aside={<span class="count">{all.length}</span>}>
      {all.length === 0 && <Empty>Nothing comes again by itself.</Empty>}
      <ul class="rows">
        {all.map(({ kind, rule }) => (
          <li key={`${kind} ${rule.name}`}>
            <div>
              <b>{rule.name}</b>{" "}
              <span class="quiet">
                {kind} · {rule.every === undefined ? rule.dates : `every ${rule.every}`}, {rule.from} to{" "}
                {rule.to} {rule.zone ?? rules.zone}
                {` · ${[...(rule.environments ?? []), ...(rule.components ?? [])].join(", ") || "everything"}`}
              </span>
            </div>
            <button
              type="button"
              class="small"
              onClick={() => start(draftOf(kind, rule), { kind, name: rule.name })}
            >
              Edit<span class="hidden"> {rule.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <details open={edited !== undefined || undefined}>
        <summary>{edited === undefined ? "Add a rule" : `Edit ${edited.name}`}</summary>
        <RuleForm
          view={view}
          draft={draft}
          setDraft={setDraft}
          edited={edited}
          done={() => {
            start(EMPTY_DRAFT);
            again();
          }}
        />
        {edited !== undefined && (
          <button type="button" class="link" onClick={() => start(EMPTY_DRAFT)}>
            Leave it as it is
          </button>
        )}
      </details>
    </Section>
  );
}

interface FormProps {
  readonly view: CalendarView;
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly edited: { readonly kind: Kind; readonly name: string } | undefined;
  readonly done: () => void;
}

function RuleForm({ view: { rules }, draft, setDraft, edited, done }: FormProps) {
  const { client } = useSession();
  const { change, refusal } = useChange(done);
  const [reason, setReason] = useState("");
  const text = rulesWith(rules, draft, edited);
  const isBegun = draft.name.trim() !== "" && draft.days.trim() !== "";
  const tried = useTried(isBegun ? text : undefined);
  const wrong = wrongIn(tried?.problems ?? []);
  const field = (name: keyof Draft, label: string) => ({
    label,
    value: draft[name],
    wrong: wrong[name],
    onInput: (value: string) => setDraft({ ...draft, [name]: value }),
  });
  const save = (rulesText: string, what: string) =>
    void change(
      (key) => client.setCalendarRules({ text: rulesText, file: "the rules", reason: reason.trim() }, key),
      `${what}: ${edited?.name ?? draft.name}`,
      rulesText + reason,
    ).then((done) => done && setReason(""));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (tried?.ok !== false) save(text, "Saved");
      }}
    >
      <div class="fields">
        <Field {...field("kind", "Kind")} options={KINDS} />
        <Field {...field("name", "Name")} required />
        <Field {...field("when", "When")} options={WHEN} />
        <Field {...field("days", "Days")} hint={HINTS[draft.when]} required />
        <Field {...field("from", "From")} type="time" />
        <Field {...field("to", "To")} type="time" />
        <Field {...field("zone", "Time zone")} hint={`Empty: ${rules.zone}`} />
        <Field {...field("environments", "Environments")} hint="Separated by commas; empty: all" />
        <Field {...field("components", "Components")} hint="Separated by commas; empty: all" />
      </div>
      <Next tried={tried} kind={draft.kind} name={draft.name.trim()} />
      {wrong.rest !== undefined && <p class="wrong">{wrong.rest}</p>}
      <Field
        label="Why the rules change"
        type="prose"
        value={reason}
        onInput={setReason}
        wrong={refusal?.message}
        required
      />
      <div class="buttons field">
        <button type="submit" class="primary" disabled={tried?.ok === false}>
          Save the rule
        </button>
        {edited !== undefined && (
          <button
            type="button"
            class="danger"
            disabled={reason.trim() === ""}
            onClick={() => save(rulesWith(rules, undefined, edited), "Removed")}
          >
            Remove the rule
          </button>
        )}
      </div>
    </form>
  );
}

/** When the rule falls next: what is said to be first Tuesday is not always what was meant. */
function Next({ tried, kind, name }: { tried: CalendarRulesPreview | undefined; kind: Kind; name: string }) {
  const spans = tried?.next.find((one) => one.kind === kind && one.name === name)?.spans;
  return (
    <section class="foreseen" aria-live="polite" aria-label="When it falls next">
      {spans === undefined && (
        <p class="quiet">A name and days, and it says here when the {plainWords(kind)} falls next.</p>
      )}
      {spans?.length === 0 && <p>Not once in the next 400 days.</p>}
      {spans !== undefined && spans.length > 0 && (
        <>
          <h3>It falls next</h3>
          <ul class="bullets">
            {spans.map(({ from, to }) => (
              <li key={from}>
                <ShortTime at={from} /> to <ShortTime at={to} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function useTried(text: string | undefined): CalendarRulesPreview | undefined {
  const { client } = useSession();
  const [tried, setTried] = useState<CalendarRulesPreview>();
  useEffect(() => {
    let left = false;
    if (text === undefined) {
      setTried(undefined);
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const found = await client.tryCalendarRules({ text });
        if (!left) setTried(found);
      } catch {
        if (!left) setTried(undefined);
      }
    }, REST_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, text]);
  return tried;
}
