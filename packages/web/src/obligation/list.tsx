import type { OwedItem, ReleaseView } from "@gonogo/client";
import { useState } from "preact/hooks";
import { ActionButton } from "../action/button.tsx";
import type { Action } from "../action/inputs.ts";
import { releaseAddress } from "../app/route.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { Markdown } from "../document/render.tsx";
import { Save } from "../document/save-button.tsx";
import { Badge, Empty, Load, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { WhenOpened } from "../kit/when-opened.tsx";
import { Person } from "../person/names.tsx";
import { verdictWords } from "../release/status.ts";
import { useSession } from "../session/session.tsx";

type Owed = ReleaseView["obligations"][number] & Partial<Pick<OwedItem, "release" | "title">>;

/** Harm that is mended by what comes next; what is rolled back opens its own. */
const DECLARE: Action = {
  label: "Declare an incident",
  effect: "Opens the release’s incident with the postmortem that it owes. Nothing is put back by it.",
  command: { type: "DeclareIncident", summary: "what you say is wrong" },
  needsReason: false,
  tone: "stop",
};

/** What a release has left to do for people, and by when. */
export function FollowUps({
  view,
  choose,
}: {
  readonly view: ReleaseView;
  choose: (action: Action) => void;
}) {
  const { client } = useSession();
  const { incident } = view;
  const open = view.obligations.filter((one) => one.open).length;
  return (
    <Section title="Follow-ups" aside={<span class="count">{open} open</span>}>
      {incident === undefined && view.startedAt !== undefined && (
        <div class="buttons">
          <ActionButton action={DECLARE} choose={choose} text={DECLARE.label} />
        </div>
      )}
      {incident !== undefined && (
        <p>
          Incident <b>{incident.id}</b>, opened <Time at={incident.openedAt} />; the postmortem{" "}
          {incident.postmortemAt === undefined ? (
            <>
              is due <Time at={incident.postmortemDue} /> (<Countdown to={incident.postmortemDue} />)
            </>
          ) : (
            <>
              was signed <Time at={incident.postmortemAt} />
            </>
          )}
          .
          {incident.resolvedAt !== undefined && (
            <>
              {" "}
              Resolved <Time at={incident.resolvedAt} />.
            </>
          )}
        </p>
      )}
      {incident !== undefined && (
        <p class="buttons">
          <Save
            text="The incident’s report"
            make={async () => ({ type: "text/markdown", ...(await client.incident(view.id)).document })}
          />
          <Save
            text="The postmortem’s date (.ics)"
            make={async () => ({
              type: "text/calendar",
              name: `${view.id}-postmortem.ics`,
              text: await client.postmortemCalendar(view.id),
            })}
          />
        </p>
      )}
      {incident !== undefined && (
        <WhenOpened summary="What happened">{() => <Report id={view.id} mark={view.now} />}</WhenOpened>
      )}
      <OwedList
        items={view.obligations}
        actionOf={({ id }) =>
          view.actions.find(
            ({ command }) => command.type === "CompleteObligation" && command.obligation === id,
          )
        }
        choose={choose}
      />
    </Section>
  );
}

/** The incident as its log tells it. */
function Report({ id, mark }: { readonly id: string; readonly mark: string }) {
  const { client } = useSession();
  const loaded = useLoaded(() => client.incident(id), [id, mark]);
  return (
    <Load what="the incident" loaded={loaded}>
      {({ document }) => (
        <article class="document" aria-label="The incident’s report">
          <Markdown text={document.text} />
        </article>
      )}
    </Load>
  );
}

/** Whether it stays well after the release, round by round. */
export function Hypercare({ view }: { readonly view: ReleaseView }) {
  const { hypercare } = view;
  if (hypercare === undefined) return null;
  return (
    <Section title="Hypercare">
      <p>
        {hypercare.endedAt === undefined ? (
          <>
            Until <Time at={hypercare.until} />.
          </>
        ) : (
          <>
            Ended <Time at={hypercare.endedAt} />.
          </>
        )}
        {hypercare.next !== undefined && (
          <>
            {" "}
            Next <Time at={hypercare.next} /> (<Countdown to={hypercare.next} />
            ).
          </>
        )}
      </p>
      <p class="quiet">
        Round {hypercare.round}: in all {hypercare.passed} passed, {hypercare.failed} failed, {hypercare.held}{" "}
        held, {hypercare.missed} not answered.
      </p>
      <ul class="rows">
        {hypercare.checks.map(({ id, check, owner, byPerson, open, verdict, result }) => (
          <li key={id}>
            <div>
              {check}
              <div class="quiet">
                {byPerson ? owner : "read by gonogo"}
                {result !== undefined && `: ${result}`}
              </div>
            </div>
            <Badge tone={open ? "ask" : verdict === undefined ? "quiet" : verdictWords(verdict).tone}>
              {open ? "asked now" : (verdict ?? "to come")}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What is owed over all releases: what is overdue first. */
export function FollowUpsPage() {
  const { client, me } = useSession();
  const [isAll, setAll] = useState(false);
  const { value, error, again } = useLoaded(() => client.obligations({ open: "true", limit: 100 }), []);
  const items = (value?.items ?? []).toSorted((a, b) => a.due.localeCompare(b.due));
  const mine = items.filter(({ role }) => me?.roles.includes(role));
  const others = items.filter((item) => !mine.includes(item));
  return (
    <>
      <h1 tabIndex={-1}>Follow-ups</h1>
      <p>
        <label class="inline">
          <input type="checkbox" checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} />
          Also of releases that owe nothing any more
        </label>
      </p>
      {value === undefined && error === undefined && <Loading what="what is owed" />}
      {value === undefined && error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && (
        <>
          <Section title="Yours" aside={<span class="count">{mine.length}</span>}>
            <OwedList items={mine} />
          </Section>
          <Section title="Everybody else’s" aside={<span class="count">{others.length}</span>}>
            <OwedList items={others} />
          </Section>
        </>
      )}
      {isAll && <Done />}
    </>
  );
}

/** What was owed and is done, of the newest releases. */
function Done() {
  const { client } = useSession();
  const loaded = useLoaded(() => client.obligations({ open: "false", limit: 100 }), []);
  return (
    <Section title="Done">
      <Load what="what is done" loaded={loaded}>
        {({ items }) => <OwedList items={items} />}
      </Load>
    </Section>
  );
}

interface ListProps {
  readonly items: readonly Owed[];
  readonly actionOf?: (item: Owed) => Action | undefined;
  readonly choose?: (action: Action) => void;
}

function OwedList({ items, actionOf, choose }: ListProps) {
  if (items.length === 0) return <Empty>Nothing is owed.</Empty>;
  return (
    <ul class="rows">
      {items.map((item) => {
        const action = actionOf?.(item);
        return (
          <li key={`${item.release ?? ""} ${item.id}`}>
            <div>
              {item.release === undefined ? (
                item.what
              ) : (
                <a href={releaseAddress(item.release, "follow-ups")}>{item.what}</a>
              )}
              <div class="quiet">
                {item.title !== undefined && `${item.title} · `}
                {item.role} · due <Time at={item.due} />
                {item.open && (
                  <>
                    {" "}
                    (<Countdown to={item.due} />)
                  </>
                )}
                {item.blocks &&
                  item.open &&
                  (item.overdue || item.blocks === true) &&
                  " · the next release waits for it"}
              </div>
              {item.completedAt !== undefined && (
                <div class="quiet">
                  Done <Time at={item.completedAt} />
                  {item.completedBy !== undefined && (
                    <>
                      {" "}
                      by <Person id={item.completedBy} />
                    </>
                  )}
                  {item.note !== undefined && `: ${item.note}`}
                </div>
              )}
              {action !== undefined && choose !== undefined && (
                <ActionButton action={action} choose={choose} text={action.label} class="small" />
              )}
            </div>
            <Badge tone={!item.open ? "good" : item.overdue ? "bad" : "ask"}>
              {!item.open ? "done" : item.overdue ? "overdue" : "open"}
            </Badge>
          </li>
        );
      })}
    </ul>
  );
}
