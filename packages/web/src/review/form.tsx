import { ApiError, type ReleaseView } from "@gonogo/client";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Action } from "../action/inputs.ts";
import { Time } from "../clock/time.tsx";
import { Empty, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";
import { isOver } from "../release/status.ts";
import { useSession } from "../session/session.tsx";
import { suggestion } from "./suggest.ts";

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

/** How long after the last key the review is saved. */
const SAVE_AFTER_MS = 1200;

/** The review after the release: saved while it is typed, signed at the end. */
export function Review({ view, choose }: Props) {
  const { review } = view;
  const writable = review.signedAt === undefined && (review.open || isOver(view.status));
  const form = useReview(view);
  const { me } = useSession();
  const offered = view.actions.find(({ command }) => command.type === "SignReview");
  // What has ended without its review having been opened, such as a rollback, can still be reviewed.
  const sign = offered ?? (writable && me?.roles.includes(review.role) ? signAs(review.role) : undefined);
  return (
    <Section title="Review" aside={writable && <output class="quiet">{form.note}</output>}>
      <p class="quiet">
        Signed by {review.role}
        {review.attendees.length > 0 && `; with ${review.attendees.join(", ")}`}.
      </p>
      {review.signedAt !== undefined && (
        <p>
          Signed <Time at={review.signedAt} />
          {review.signedBy !== undefined && (
            <>
              {" "}
              by <Person id={review.signedBy} />
            </>
          )}
          .
        </p>
      )}
      {review.fields.length === 0 && <Empty>The plan asks no questions in its review.</Empty>}
      {!writable && review.signedAt === undefined && <Empty>It opens when the release is through.</Empty>}
      {review.fields.map((field) =>
        writable ? (
          <Field key={field.field} field={field} view={view} form={form} />
        ) : (
          <div class="field" key={field.field}>
            <h3>{field.field}</h3>
            <p class="entry">
              {field.entry === "" ? <span class="quiet">nothing written</span> : field.entry}
            </p>
          </div>
        ),
      )}
      {sign !== undefined && (
        <button
          type="button"
          class="primary"
          aria-haspopup="dialog"
          disabled={form.conflicts.length > 0}
          onClick={() => choose(signed(sign, prefilled(view, form.entries)))}
        >
          {sign.label}
        </button>
      )}
      {form.conflicts.length > 0 && <p class="wrong">Somebody else has written too: choose first.</p>}
    </Section>
  );
}

interface FieldProps {
  readonly field: ReleaseView["review"]["fields"][number];
  readonly view: ReleaseView;
  readonly form: ReturnType<typeof useReview>;
}

function Field({ field: { field, hint, entry }, view, form }: FieldProps) {
  const id = useId();
  const typed = form.entries[field];
  const suggested = entry === "" ? suggestion(view, field) : undefined;
  const value = typed ?? (entry === "" ? (suggested ?? "") : entry);
  const isConflict = form.conflicts.includes(field);
  const about = [hint === undefined ? "" : `${id}-hint`, isConflict ? `${id}-other` : ""].join(" ").trim();
  return (
    <div class="field">
      <label for={id}>{field}</label>
      {hint !== undefined && (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <textarea
        id={id}
        rows={Math.min(10, Math.max(2, value.split("\n").length + 1))}
        maxLength={10_000}
        value={value}
        aria-invalid={isConflict}
        onInput={(event) => form.type(field, event.currentTarget.value)}
        {...(about === "" ? {} : { "aria-describedby": about })}
      />
      {typed === undefined && suggested !== undefined && (
        <p class="quiet">From the record; change it as you like. It is kept when you sign.</p>
      )}
      {isConflict && (
        <div class="trouble" id={`${id}-other`} role="alert">
          <p>Meanwhile somebody else wrote here:</p>
          <p class="entry">{entry}</p>
          <div class="buttons">
            <button type="button" onClick={() => form.settle(field, entry)}>
              Take theirs
            </button>
            <button type="button" onClick={() => form.settle(field, `${entry}\n${typed ?? ""}`.trim())}>
              Keep both
            </button>
            <button type="button" onClick={() => form.settle(field, typed ?? "")}>
              Keep mine
            </button>
          </div>
        </div>
      )}
    </div>
  );
}

/** What is signed: what was typed, or was there, or else what the record itself says. */
function prefilled(view: ReleaseView, typed: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    view.review.fields.map(({ field, entry }) => [
      field,
      typed[field] ?? (entry === "" ? (suggestion(view, field) ?? "") : entry),
    ]),
  );
}

function signAs(role: string): Action {
  return {
    label: "Sign the review",
    effect: "Closes the release with its review.",
    command: { type: "SignReview", role, entries: {} },
    needsReason: false,
    tone: "advance",
  };
}

function signed(action: Action, entries: Record<string, string>): Action {
  return action.command.type === "SignReview"
    ? { ...action, command: { ...action.command, entries } }
    : action;
}

/**
 * What was typed here, saved a moment after the last key. A field that somebody else has changed since it was
 * begun here is not saved over theirs: the writer chooses.
 */
function useReview(view: ReleaseView) {
  const { client } = useSession();
  const [entries, setEntries] = useState<Record<string, string>>({});
  const [note, setNote] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pending = useRef<Record<string, string>>({});
  /** What the server had when a field was begun here, or was last saved from here. */
  const base = useRef<Record<string, string>>({});
  const latest = useRef(view);
  latest.current = view;
  const conflicts = conflictsOf(view, base.current, entries);

  const save = async () => {
    const others = conflictsOf(latest.current, base.current, pending.current);
    const mine = Object.entries(pending.current).filter(([field]) => !others.includes(field));
    if (mine.length === 0) return;
    const sent = Object.fromEntries(mine);
    for (const [field] of mine) delete pending.current[field];
    setNote("Saving …");
    try {
      await client.command(view.id, { command: { type: "SaveReview", entries: sent } });
      base.current = { ...base.current, ...sent };
      setNote("Saved");
    } catch (error) {
      pending.current = { ...sent, ...pending.current };
      const why = error instanceof Error ? error.message : String(error);
      setNote(`Not saved: ${why}`);
      if (!(error instanceof ApiError)) timer.current = setTimeout(save, 5000);
    }
  };
  const type = (field: string, text: string) => {
    base.current = { [field]: entryOf(latest.current, field), ...base.current };
    setEntries((before) => ({ ...before, [field]: text }));
    pending.current = { ...pending.current, [field]: text };
    setNote("");
    clearTimeout(timer.current);
    timer.current = setTimeout(save, SAVE_AFTER_MS);
  };
  const settle = (field: string, text: string) => {
    base.current = { ...base.current, [field]: entryOf(latest.current, field) };
    type(field, text);
  };
  // Saves what is left when the form goes away.
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      void save();
    },
    [],
  );
  return { entries, note, type, settle, conflicts };
}

function entryOf(view: ReleaseView, field: string): string {
  return view.review.fields.find((one) => one.field === field)?.entry ?? "";
}

/** Fields that hold something else than when they were begun here, and than what is typed here. */
export function conflictsOf(
  view: Pick<ReleaseView, "review">,
  base: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, string>>,
): string[] {
  return view.review.fields
    .filter(
      ({ field, entry }) =>
        typed[field] !== undefined &&
        base[field] !== undefined &&
        entry !== base[field] &&
        entry !== typed[field],
    )
    .map(({ field }) => field);
}
