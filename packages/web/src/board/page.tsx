import { Countdown } from "../clock/time.tsx";
import { useNow } from "../clock/use-now.ts";
import { Badge, Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { type Asked, askedOnBoard, askedWords, inOrder } from "./asked.ts";
import { ReleaseCard } from "./card.tsx";
import { useBoard } from "./use-board.ts";

/** What needs the viewer, and under it every active release in one glance. */
export function BoardPage() {
  const { board, error, again } = useBoard();
  const { client, me } = useSession();
  // What is owed changes by the day.
  const turn = Math.floor(useNow(60_000) / 600_000);
  const { value: owed } = useLoaded(() => client.obligations({ open: "true", limit: 100 }), [turn]);
  return (
    <>
      <h1 tabIndex={-1} class="hidden">
        Board
      </h1>
      {board === undefined && error === undefined && <Loading what="the board" />}
      {board === undefined && error !== undefined && <Trouble error={error} retry={again} />}
      {board !== undefined && (
        <>
          <NeedsMe
            asked={askedOnBoard(board, owed?.items ?? [], {
              roles: me?.roles ?? [],
              now: Date.parse(board.now),
            })}
          />
          <Section
            title="Active releases"
            class="bare"
            aside={<span class="count">{board.releases.length}</span>}
          >
            {board.releases.length === 0 && (
              <Empty>
                No release is active. <a href="#/plans">Submit a plan</a>, or look at{" "}
                <a href="#/releases">those that have ended</a>.
              </Empty>
            )}
            <ul class="cards">
              {inOrder(board.releases).map((release) => (
                <ReleaseCard key={release.id} release={release} />
              ))}
            </ul>
            {board.more && (
              <p>
                There are more: <a href="#/releases">all releases</a>.
              </p>
            )}
          </Section>
        </>
      )}
    </>
  );
}

function NeedsMe({ asked }: { readonly asked: readonly Asked[] }) {
  const { me } = useSession();
  const roles = me?.roles.length ? `As ${me.roles.join(", ")}` : "You hold no role";
  return (
    <Section
      title="Needs you"
      class={`needs ${asked.some(({ urgent }) => urgent) ? "urgent" : ""}`}
      aside={<span class="quiet">{roles}</span>}
    >
      {asked.length === 0 && (
        <p class="calm">
          <span aria-hidden="true">✓ </span>Nothing is asked of you now.
        </p>
      )}
      <ul class="asks">
        {asked.map((one) => (
          <li key={one.key}>
            <Ask asked={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Ask({ asked }: { readonly asked: Asked }) {
  const { kind, what, title, href, by, onSilence, more, roles } = asked;
  const { name, tone } = askedWords(kind);
  const said = kind === "approval" || kind === "vote" ? `${what} as ${roles.join(" or ")}` : what;
  return (
    <a class={`ask ${tone}`} href={href}>
      <Badge tone={tone}>{name}</Badge>
      <span class="ask-what">
        <b>{said}</b>
        {more > 0 && <span class="quiet"> and {more} more</span>}
        <span class="quiet ask-title">{title}</span>
      </span>
      {by !== undefined && (
        <span class="ask-by">
          <Countdown to={by} />
          {onSilence === "rollback" && <span> then it rolls back</span>}
        </span>
      )}
    </a>
  );
}
