import type { CalendarView } from "@gonogo/client";
import { useId, useState } from "preact/hooks";
import { Countdown, ShortTime, Time } from "../clock/time.tsx";
import { span } from "../kit/format.ts";
import { Badge, Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";

type Entry = CalendarView["entries"][number];

/** Freezes and maintenance windows: what holds now, what comes, and a way to freeze at once. */
export function CalendarPage() {
  const { client } = useSession();
  const { value, error, again } = useLoaded(() => client.calendar(), []);
  const entries = (value?.entries ?? [])
    .filter(({ lifted }) => lifted === undefined)
    .toSorted((a, b) => a.from.localeCompare(b.from));
  return (
    <>
      <h1 tabIndex={-1}>Calendar</h1>
      {value === undefined && error === undefined && <Loading what="the calendar" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && (
        <div class="columns">
          <div>
            <Section title="Now">
              <Entries entries={entries.filter(({ active }) => active)} view={value} again={again} />
            </Section>
            <Section title="Coming">
              <Entries entries={entries.filter(({ active }) => !active)} view={value} again={again} />
            </Section>
          </div>
          <div>
            <FreezeNow again={again} />
            <Sources view={value} />
          </div>
        </div>
      )}
    </>
  );
}

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly view: CalendarView;
  readonly again: () => void;
}

/** More than fit on a screen are of no use there; the calendar's own file has them all. */
const MOST = 30;

function Entries({ entries, view, again }: EntriesProps) {
  if (entries.length === 0) return <Empty>Nothing.</Empty>;
  const [from, to] = [Date.parse(view.from), Date.parse(view.to)];
  const place = (at: string) => Math.min(100, Math.max(0, ((Date.parse(at) - from) / (to - from)) * 100));
  return (
    <ul class="rows">
      {entries.slice(0, MOST).map((entry) => (
        <li key={`${entry.id} ${entry.from}`}>
          <div class="entry-line">
            <b>{entry.name}</b>
            <div class="quiet">
              <ShortTime at={entry.from} /> to <ShortTime at={entry.to} />,{" "}
              {span(Date.parse(entry.to) - Date.parse(entry.from))}
              {entry.active ? (
                <>
                  , ends <Countdown to={entry.to} />
                </>
              ) : (
                <>
                  , begins <Countdown to={entry.from} />
                </>
              )}
            </div>
            <div class="quiet">
              {[...(entry.environments ?? []), ...(entry.components ?? [])].join(", ") || "everything"}
              {entry.reason !== undefined && ` · ${entry.reason}`}
            </div>
            <span class="meter days" aria-hidden="true">
              <span
                class={entry.kind}
                style={{
                  marginLeft: `${place(entry.from)}%`,
                  width: `max(3px, ${place(entry.to) - place(entry.from)}%)`,
                }}
              />
            </span>
            {entry.at !== undefined && <Lift entry={entry} again={again} />}
          </div>
          <Badge tone={entry.kind === "freeze" ? (entry.active ? "bad" : "ask") : "good"}>
            {entry.kind === "freeze" ? "freeze" : "window"}
          </Badge>
        </li>
      ))}
      {entries.length > MOST && <li class="quiet">and {entries.length - MOST} more</li>}
    </ul>
  );
}

/** Does something to the calendar, and says what came of it. */
function useChange(again: () => void) {
  const { announce } = useSession();
  return async (change: Promise<{ readonly told: readonly string[] }>, done: string) => {
    try {
      const { told } = await change;
      announce(`${done}${told.length === 0 ? "" : `; told: ${told.join(", ")}`}`);
      again();
    } catch (error) {
      announce(error instanceof Error ? error.message : String(error), "bad");
    }
  };
}

function Lift({ entry, again }: { readonly entry: Entry; readonly again: () => void }) {
  const { client } = useSession();
  const change = useChange(again);
  const [reason, setReason] = useState("");
  const id = useId();
  return (
    <details>
      <summary>
        Lift<span class="hidden"> {entry.name}</span>
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change(client.lift(entry.kind, entry.id, reason), `Lifted: ${entry.name}`);
        }}
      >
        <label for={id}>Why</label>
        <input id={id} required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />{" "}
        <button type="submit">Lift it</button>
      </form>
    </details>
  );
}

const LENGTHS = ["30m", "1h", "2h", "4h", "8h", "1d", "3d"];

function FreezeNow({ again }: { readonly again: () => void }) {
  const { client } = useSession();
  const change = useChange(again);
  const [name, setName] = useState("");
  const [length, setLength] = useState("2h");
  const [reason, setReason] = useState("");
  const id = useId();
  const submit = (event: Event) => {
    event.preventDefault();
    void change(client.declare("freeze", { name, for: length, reason }), `Frozen: ${name}`);
  };
  return (
    <Section title="Freeze now">
      <p class="quiet">Nothing shifts in a freeze, in any environment. A rollback is never held by it.</p>
      <form onSubmit={submit}>
        <div class="field">
          <label for={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            required
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={`${id}-length`}>For</label>
          <select
            id={`${id}-length`}
            value={length}
            onChange={(event) => setLength(event.currentTarget.value)}
          >
            {LENGTHS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`${id}-why`}>Reason</label>
          <textarea
            id={`${id}-why`}
            required
            rows={2}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <button type="submit" class="danger">
            Freeze
          </button>
        </div>
      </form>
    </Section>
  );
}

function Sources({ view: { imports, changedAt, version } }: { readonly view: CalendarView }) {
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
            </div>
            <Badge tone={stale === undefined ? "good" : "bad"}>{stale === undefined ? "fresh" : "old"}</Badge>
          </li>
        ))}
      </ul>
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
