import type { ReleaseSummary } from "@gonogo/client";
import { useRef, useState } from "preact/hooks";
import { releaseAddress } from "../app/route.ts";
import { Time } from "../clock/time.tsx";
import { Badge, Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useVisits } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { statusWords } from "./status.ts";
import { firstWait } from "./waits.tsx";

const PAGE = 20;

/** All releases: those that go on, then those that have ended. */
export function ReleaseList() {
  return (
    <>
      <h1 tabIndex={-1}>Releases</h1>
      <Releases which="active" title="Active" />
      <Releases which="ended" title="Ended" />
    </>
  );
}

function Releases({ which, title }: { readonly which: "active" | "ended"; readonly title: string }) {
  const { client, credentials } = useSession();
  const [items, setItems] = useState<readonly ReleaseSummary[]>();
  const [next, setNext] = useState<string>();
  const [pages, setPages] = useState(1);
  const [error, setError] = useState<unknown>();
  const load = async () => {
    try {
      const page = await client.releases({ status: which, limit: PAGE * pages });
      setItems(page.items);
      setNext(page.next);
      setError(undefined);
    } catch (trouble) {
      setError(trouble);
    }
  };
  useVisits(load, { visibleMs: 3000, hiddenMs: 15_000 }, [JSON.stringify(credentials ?? null), pages]);
  return (
    <Section
      title={title}
      aside={
        items && (
          <span class="count">
            {items.length}
            {next ? "+" : ""}
          </span>
        )
      }
    >
      {items === undefined && error === undefined && <Loading what="releases" />}
      {items === undefined && error !== undefined && <Trouble error={error} retry={load} />}
      {items?.length === 0 && (
        <Empty>
          {which === "active" ? "No release is active. " : "No release has ended yet."}
          {which === "active" && <a href="#/plans">Submit a plan</a>}
        </Empty>
      )}
      {items !== undefined && items.length > 0 && (
        <ul class="releases">
          {items.map((release) => (
            <Row key={release.id} release={release} />
          ))}
        </ul>
      )}
      {next !== undefined && (
        <button type="button" onClick={() => setPages((count) => count + 1)}>
          Show more
        </button>
      )}
    </Section>
  );
}

function Row({ release }: { readonly release: ReleaseSummary }) {
  const { id, title, environment, status, paused, t, plannedT, endedAt } = release;
  const { words, tone } = statusWords(status, paused);
  return (
    <li>
      <div class="release-name">
        <a href={releaseAddress(id)}>{title}</a>
        <span class="quiet">
          {id} · {environment}
        </span>
      </div>
      <Badge tone={tone}>{words}</Badge>
      <div class="release-when quiet">
        {endedAt !== undefined ? (
          <>
            Ended <Time at={endedAt} />
          </>
        ) : (
          <>
            T {t === undefined ? "planned" : ""} <Time at={t ?? plannedT} />
          </>
        )}
        {endedAt === undefined && <WaitsFor id={id} mark={`${status} ${paused}`} />}
      </div>
    </li>
  );
}

/** What one release waits for; its summary does not say. */
function WaitsFor({ id, mark }: { readonly id: string; readonly mark: string }) {
  const { client } = useSession();
  const [wait, setWait] = useState<string>();
  const etag = useRef<string | undefined>(undefined);
  const look = async () => {
    try {
      const answer = await client.releaseSince(id, etag.current);
      if (answer === undefined) return;
      etag.current = answer.etag;
      setWait(firstWait(answer.view));
    } catch {
      // The list itself says when the server is away or refuses.
    }
  };
  useVisits(look, { visibleMs: 10_000, hiddenMs: 60_000 }, [id, mark]);
  return wait === undefined ? null : <div class="waits-for">{wait}</div>;
}
