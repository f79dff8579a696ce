import { ApiError, type ReleaseView } from "@gonogo/client";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Action } from "../action/inputs.ts";
import { Time } from "../clock/time.tsx";
import { Empty, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";
import { isOver } from "../release/status.ts";
import { useSession } from "../session/session.tsx";

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
  const sign = view.actions.find(({ command }) => command.type === "SignReview");
  const id = useId();
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
      {review.fields.map(({ field, hint, entry }, index) => (
        <div class="field" key={field}>
          {writable ? (
            <>
              <label for={`${id}-${index}`}>{field}</label>
              {hint !== undefined && (
                <p class="quiet" id={`${id}-${index}-hint`}>
                  {hint}
                </p>
              )}
              <textarea
                id={`${id}-${index}`}
                rows={3}
                maxLength={10_000}
                value={form.entries[field] ?? entry}
                onInput={(event) => form.type(field, event.currentTarget.value)}
                {...(hint === undefined ? {} : { "aria-describedby": `${id}-${index}-hint` })}
              />
            </>
          ) : (
            <>
              <h3>{field}</h3>
              <p class="entry">{entry === "" ? <span class="quiet">nothing written</span> : entry}</p>
            </>
          )}
        </div>
      ))}
      {sign !== undefined && (
        <button
          type="button"
          class="primary"
          aria-haspopup="dialog"
          onClick={() => choose(signed(sign, { ...written(view), ...form.entries }))}
        >
          {sign.label}
        </button>
      )}
    </Section>
  );
}

function written(view: ReleaseView): Record<string, string> {
  return Object.fromEntries(view.review.fields.map(({ field, entry }) => [field, entry]));
}

function signed(action: Action, entries: Record<string, string>): Action {
  return action.command.type === "SignReview"
    ? { ...action, command: { ...action.command, entries } }
    : action;
}

/** What was typed here and is not yet what the server has. */
function useReview(view: ReleaseView) {
  const { client } = useSession();
  const [entries, setEntries] = useState<Record<string, string>>({});
  const [note, setNote] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pending = useRef<Record<string, string>>({});

  const save = async () => {
    const sent = pending.current;
    if (Object.keys(sent).length === 0) return;
    pending.current = {};
    setNote("Saving …");
    try {
      await client.command(view.id, { command: { type: "SaveReview", entries: sent } });
      setNote("Saved");
    } catch (error) {
      pending.current = { ...sent, ...pending.current };
      const why = error instanceof Error ? error.message : String(error);
      setNote(`Not saved: ${why}`);
      if (!(error instanceof ApiError)) timer.current = setTimeout(save, 5000);
    }
  };
  const type = (field: string, text: string) => {
    setEntries((before) => ({ ...before, [field]: text }));
    pending.current = { ...pending.current, [field]: text };
    setNote("");
    clearTimeout(timer.current);
    timer.current = setTimeout(save, SAVE_AFTER_MS);
  };
  // Saves what is left when the form goes away.
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      void save();
    },
    [],
  );
  return { entries, note, type };
}
