import type { ReleaseSummary } from "@gonogo/client";
import { useState } from "preact/hooks";
import { releaseAddress } from "../app/route.ts";
import { Time } from "../clock/time.tsx";
import { span } from "../kit/format.ts";
import { Badge, Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLive } from "../live/use-live.ts";
import { useSession } from "../session/session.tsx";
import { statusWords } from "./status.ts";

const PAGE = 20;
const PACE = { quickest: 5_000, slowest: 20_000 };

/** All releases: those that go on, then those that have ended. */
export function ReleaseList() {
  const [wanted, setWanted] = useState("");
  return (
    <>
      <h1 tabIndex={-1}>Releases</h1>
      <div class="field narrow">
        <label for="wanted">Find by title, id or environment</label>
        <input
          id="wanted"
          type="search"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </div>
      <Releases which="active" title="Active" wanted={wanted} />
      <Releases which="ended" title="Ended" wanted={wanted} />
    </>
  );
}

interface Props {
  readonly which: "active" | "ended";
  readonly title: string;
  readonly wanted: string;
}

function Releases({ which, title, wanted }: Props) {
  const { client, credentials } = useSession();
  const [items, setItems] = useState<readonly ReleaseSummary[]>();
  const [next, setNext] = useState<string>();
  const [pages, setPages] = useState(1);
  const [error, setError] = useState<unknown>();
  const load = async () => {
    try {
      const page = await client.releases({ status: which, limit: Math.min(100, PAGE * pages) });
      setItems(page.items);
      setNext(page.next);
      setError(undefined);
    } catch (trouble) {
      setError(trouble);
    }
    return false;
  };
  useLive(undefined, load, PACE, [JSON.stringify(credentials ?? null), pages]);
  const found = items?.filter((release) => matches(release, wanted));
  return (
    <Section
      title={title}
      aside={
        found && (
          <span class="count">
            {found.length}
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
      {items !== undefined && items.length > 0 && found?.length === 0 && <Empty>None has “{wanted}”.</Empty>}
      {found !== undefined && found.length > 0 && (
        <ul class="releases">
          {found.map((release) => (
            <Row key={release.id} release={release} />
          ))}
        </ul>
      )}
      {next !== undefined && pages < 5 && (
        <button type="button" onClick={() => setPages((count) => count + 1)}>
          Show more
        </button>
      )}
    </Section>
  );
}

function matches({ title, id, environment }: ReleaseSummary, wanted: string): boolean {
  return `${title} ${id} ${environment}`.toLowerCase().includes(wanted.trim().toLowerCase());
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
            {t !== undefined && endedAt > t && `, ${span(Date.parse(endedAt) - Date.parse(t))} after T`}
          </>
        ) : (
          <>
            T {t === undefined ? "planned" : ""} <Time at={t ?? plannedT} />
          </>
        )}
      </div>
    </li>
  );
}
