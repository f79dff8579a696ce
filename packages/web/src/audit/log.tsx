import type { RecordsPage, Verification } from "@gonogo/client";
import { useState } from "preact/hooks";
import { Time } from "../clock/time.tsx";
import { capital, plainWords, shortDigest } from "../kit/format.ts";
import { Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";

type AuditRecord = RecordsPage["items"][number];

const PAGE = 50;

/** Everything that happened, as it was recorded. */
export function AuditLog({ id, mark }: { readonly id: string; readonly mark: string }) {
  const { client } = useSession();
  const [limit, setLimit] = useState(PAGE);
  const { value, error, again } = useLoaded(() => firstRecords(client, id, limit), [id, mark, limit]);
  return (
    <Section title="Audit log" aside={<Verify id={id} />}>
      {value === undefined && error === undefined && <Loading what="records" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value?.items.length === 0 && <Empty>Nothing is recorded.</Empty>}
      <ol class="records">
        {value?.items.map((record) => (
          <Row key={record.seq} record={record} names={value.names} />
        ))}
      </ol>
      {value?.next !== undefined && (
        <button type="button" onClick={() => setLimit((count) => count + PAGE)}>
          Show more records
        </button>
      )}
    </Section>
  );
}

/** The first `limit` records, page by page. */
async function firstRecords(
  client: { records: (id: string, query: { after?: string; limit: number }) => Promise<RecordsPage> },
  id: string,
  limit: number,
): Promise<RecordsPage> {
  let page = await client.records(id, { limit: PAGE });
  while (page.next !== undefined && page.items.length < limit) {
    const more = await client.records(id, { limit: PAGE, after: page.next });
    page = { ...more, items: [...page.items, ...more.items], names: { ...page.names, ...more.names } };
  }
  return page;
}

interface RowProps {
  readonly record: AuditRecord;
  readonly names: RecordsPage["names"];
}

function Row({ record, names }: RowProps) {
  const { seq, at, actor, event, reason, digest } = record;
  return (
    <li>
      <div class="record-head">
        <span class="seq">{seq}</span>
        <b>{capital(plainWords(event.type))}</b>
        <span class="quiet">
          <Time at={at} />
        </span>
      </div>
      <div>
        {whoActed(actor, names)}
        {reason !== undefined && `: “${reason}”`}
      </div>
      <details>
        <summary>
          Record {seq} <code>{shortDigest(digest)}</code>
        </summary>
        <pre>
          <code>{JSON.stringify(record, null, 2)}</code>
        </pre>
      </details>
    </li>
  );
}

function whoActed(actor: AuditRecord["actor"], names: RecordsPage["names"]): string {
  switch (actor.kind) {
    case "person":
    case "tool": {
      const roles = actor.roles.length === 0 ? "" : ` (${actor.roles.join(", ")})`;
      const standIn = actor.kind === "person" && actor.standIn === true ? ", a stand-in" : "";
      return `${names[actor.id] ?? actor.id}${roles}${standIn}`;
    }
    case "alarm":
      return `The alarm ${actor.name} (${actor.source})`;
    case "clock":
      return "The clock";
    case "machine":
      return `The ${actor.name} machine`;
  }
}

/** Has the server walk the chain, and says what it found. */
function Verify({ id }: { readonly id: string }) {
  const { client } = useSession();
  const [found, setFound] = useState<Verification | Error>();
  const [busy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    try {
      setFound(await client.verify(id));
    } catch (error) {
      setFound(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="verify">
      <button type="button" onClick={verify} disabled={busy}>
        Verify
      </button>
      <output aria-label="Verification">{found !== undefined && verdictOf(found)}</output>
    </div>
  );
}

function verdictOf(found: Verification | Error): string {
  if (found instanceof Error) return `✕ Could not verify: ${found.message}`;
  if (found.ok) {
    const head = found.head === undefined ? "" : `, head ${shortDigest(found.head)}`;
    return `✓ The chain holds: ${found.records} records${head}`;
  }
  const at = found.found === undefined ? "" : ` (${found.found.class}) ${found.found.detail}`;
  return `✕ The chain is broken${at}`;
}
