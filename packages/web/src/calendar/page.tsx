import type { CalendarView } from "@gonogo/client";
import { Countdown, ShortTime } from "../clock/time.tsx";
import { Save } from "../document/save-button.tsx";
import { type Filter, Filters, momentsOf, useFilter } from "../kit/filters.tsx";
import { span } from "../kit/format.ts";
import { Badge, Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { WithReason } from "../kit/with-reason.tsx";
import { useSession } from "../session/session.tsx";
import { Declare } from "./declare.tsx";
import { Feeds } from "./feeds.tsx";
import { RecurringRules } from "./rule-form.tsx";

type Entry = CalendarView["entries"][number];

/** Freezes and maintenance windows: what holds now, what comes, and a way to freeze at once. */
export function CalendarPage() {
  const { client } = useSession();
  const filter = useFilter();
  const between = momentsOf(filter);
  const { value, error, again } = useLoaded(() => client.calendar(between), [JSON.stringify(between)]);
  const entries = (value?.entries ?? [])
    .filter((entry) => entry.lifted === undefined && isAbout(entry, filter))
    .toSorted((a, b) => a.from.localeCompare(b.from));
  return (
    <>
      <h1 tabIndex={-1}>Calendar</h1>
      <Filters>
        <Save
          text="As an .ics file"
          make={async () => ({
            name: "gonogo.ics",
            text: await client.calendarText(between),
            type: "text/calendar",
          })}
        />
      </Filters>
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
            <Feeds view={value} again={again} />
          </div>
          <div>
            <Declare again={again} />
            <RecurringRules view={value} again={again} />
          </div>
        </div>
      )}
    </>
  );
}

/** Whether an entry concerns what is looked for: one without a scope concerns everything. */
function isAbout({ components, environments }: Entry, { component, environment }: Filter): boolean {
  const has = (scope: readonly string[] | undefined, wanted: string) =>
    wanted === "" || scope === undefined || scope.some((one) => one.toLowerCase() === wanted.toLowerCase());
  return has(components, component) && has(environments, environment);
}

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly view: CalendarView;
  readonly again: () => void;
}

/** More than fit on a screen are of no use there; the calendar's own file has them all. */
const MOST = 30;

function Entries({ entries, view, again }: EntriesProps) {
  const { client } = useSession();
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
            {entry.at !== undefined && (
              <WithReason
                verb="Lift"
                what={entry.name}
                effect={
                  entry.kind === "freeze"
                    ? "The freeze ends now: what waited for its end goes on."
                    : "The window ends now: what may be done in one only waits for the next."
                }
                ask={(reason, key) => client.lift(entry.kind, entry.id, reason, key)}
                said={`Lifted: ${entry.name}`}
                again={again}
              />
            )}
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
