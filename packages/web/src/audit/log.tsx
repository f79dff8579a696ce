import type { RecordsPage, Verification } from "@gonogo/client";
import { useId, useState } from "preact/hooks";
import { Time } from "../clock/time.tsx";
import { shortDigest } from "../kit/format.ts";
import { Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { Erase, NAME_KEEPERS } from "./erase.tsx";
import { ALL, type AuditRecord, actorOf, factsOf, filtered, said, typeOf, type Wanted } from "./filter.ts";
import { Proof } from "./proof.tsx";

const PAGE = 50;
/** Of a longer log the rest is to be had with the command. */
const MOST = 5_000;

/** Where records come from, a page at a time. */
type Load = (query: { limit: number; after?: string }) => Promise<Records & { readonly next?: string }>;

interface Records {
  readonly items: readonly AuditRecord[];
  readonly names: RecordsPage["names"];
}

interface LogProps {
  readonly title?: string;
  /** Of what it is the log. */
  readonly of: string;
  /** Changes when there is more. */
  readonly mark: string;
  readonly load: Load;
  readonly verify: () => Promise<Verification>;
}

/** Everything that happened, as it was recorded, the newest first. */
export function AuditLog({ title = "Audit log", of, mark, load, verify }: LogProps) {
  const [shown, setShown] = useState(PAGE);
  const [wanted, setWanted] = useState(ALL);
  const { me } = useSession();
  const mayErase = NAME_KEEPERS.some((role) => me?.roles.includes(role));
  const { value, error, again } = useLoaded(() => allRecords(load), [of, mark]);
  const found = value === undefined ? [] : filtered(value.items, value.names, wanted).toReversed();
  return (
    <Section title={title} aside={<Proof key={of} ask={verify} mark={mark} />}>
      {value === undefined && error === undefined && <Loading what="records" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && (
        <Filters records={value} wanted={wanted} want={setWanted} found={found.length} />
      )}
      {value?.items.length === 0 && <Empty>Nothing is recorded.</Empty>}
      {value !== undefined && value.items.length > 0 && found.length === 0 && (
        <Empty>No record is like that.</Empty>
      )}
      <ol class="records" reversed>
        {found.slice(0, shown).map((record) => (
          <Row key={record.seq} log={of} record={record} names={value?.names ?? {}} mayErase={mayErase} />
        ))}
      </ol>
      {found.length > shown && (
        <button type="button" onClick={() => setShown((count) => count + PAGE)}>
          Show more records
        </button>
      )}
    </Section>
  );
}

interface FilterProps {
  readonly records: Records;
  readonly wanted: Wanted;
  readonly want: (wanted: Wanted) => void;
  readonly found: number;
}

function Filters({ records: { items, names }, wanted, want, found }: FilterProps) {
  const id = useId();
  const types = [...new Set(items.map(typeOf))].sort();
  const actors = [...new Set(items.map((record) => actorOf(record, names)))].sort();
  return (
    <search class="filters">
      <div>
        <label for={`${id}-text`}>Find</label>
        <input
          id={`${id}-text`}
          type="search"
          value={wanted.text}
          onInput={(event) => want({ ...wanted, text: event.currentTarget.value })}
        />
      </div>
      <div>
        <label for={`${id}-type`}>What happened</label>
        <select
          id={`${id}-type`}
          value={wanted.type}
          onChange={(event) => want({ ...wanted, type: event.currentTarget.value })}
        >
          <option value="">anything</option>
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </div>
      <div>
        <label for={`${id}-actor`}>By whom</label>
        <select
          id={`${id}-actor`}
          value={wanted.actor}
          onChange={(event) => want({ ...wanted, actor: event.currentTarget.value })}
        >
          <option value="">anybody</option>
          {actors.map((actor) => (
            <option key={actor}>{actor}</option>
          ))}
        </select>
      </div>
      <p role="status" class="quiet">
        {found === items.length ? `${items.length} records` : `${found} of ${items.length} records`}
      </p>
    </search>
  );
}

async function allRecords(load: Load): Promise<Records> {
  let page = await load({ limit: 500 });
  while (page.next !== undefined && page.items.length < MOST) {
    const more = await load({ limit: 500, after: page.next });
    page = { ...more, items: [...page.items, ...more.items], names: { ...page.names, ...more.names } };
  }
  return page;
}

interface RowProps {
  readonly log: string;
  readonly mayErase: boolean;
  readonly record: AuditRecord;
  readonly names: RecordsPage["names"];
}

function Row({ log, record, names, mayErase }: RowProps) {
  const { seq, at, actor, reason, digest } = record;
  const roles = "roles" in actor && actor.roles.length > 0 ? ` (${actor.roles.join(", ")})` : "";
  const standIn = actor.kind === "person" && actor.standIn === true ? ", a stand-in" : "";
  const facts = factsOf(record, names);
  return (
    <li value={seq}>
      <div class="record-head">
        <span class="seq">{seq}</span>
        <b>{typeOf(record)}</b>
        <span class="quiet">
          <Time at={at} />
        </span>
      </div>
      {facts !== "" && <div>{facts}</div>}
      <div class="quiet">
        {actorOf(record, names)}
        {roles}
        {standIn}
        {reason !== undefined && `: “${said(reason)}”`}
      </div>
      <details>
        <summary>
          Record {seq} <code>{shortDigest(digest)}</code>
        </summary>
        <pre>
          <code>{JSON.stringify(record, null, 2)}</code>
        </pre>
        {mayErase && <Erase log={log} record={seq} />}
      </details>
    </li>
  );
}
