import { useEffect, useRef } from "preact/hooks";
import { BoardPage } from "../board/page.tsx";
import { useNow } from "../clock/use-now.ts";
import { DemoBar } from "../demo/bar.tsx";
import { localTime, span } from "../kit/format.ts";
import { Loading } from "../kit/parts.tsx";
import { FollowUpsPage } from "../obligation/list.tsx";
import { ReleaseList } from "../release/list.tsx";
import { ReleasePage } from "../release/page.tsx";
import { SessionProvider, useSession } from "../session/session.tsx";
import { SignIn } from "../session/sign-in.tsx";
import { ThemeToggle } from "../theme/toggle.tsx";
import { lazy } from "./lazy.tsx";
import { type Route, useRoute } from "./route.ts";

const CalendarPage = lazy("the calendar", async () => (await import("./office.ts")).CalendarPage);
const MeasuresPage = lazy("the measures", async () => (await import("./office.ts")).MeasuresPage);
const GovernancePage = lazy("governance", async () => (await import("./office.ts")).GovernancePage);
const PlanPage = lazy("the plans", async () => (await import("./office.ts")).PlanPage);
const WaysBack = lazy("the drills", async () => (await import("./office.ts")).WaysBack);
const SystemPage = lazy("the system", async () => (await import("./office.ts")).SystemPage);

/** The parts of the page, in the order of the bar at its top. */
const BAR: readonly { readonly view: Route["view"]; readonly href: string; readonly name: string }[] = [
  { view: "board", href: "#/", name: "Board" },
  { view: "releases", href: "#/releases", name: "Releases" },
  { view: "plans", href: "#/plans", name: "Plans" },
  { view: "calendar", href: "#/calendar", name: "Calendar" },
  { view: "measures", href: "#/measures", name: "Measures" },
  { view: "follow-ups", href: "#/follow-ups", name: "Follow-ups" },
  { view: "governance", href: "#/governance", name: "Governance" },
  { view: "system", href: "#/system", name: "System" },
];

export function App() {
  return (
    <SessionProvider>
      <Shell />
    </SessionProvider>
  );
}

function Shell() {
  const route = useRoute();
  const { demo, me } = useSession();
  const main = useRef<HTMLElement>(null);
  const place = route.view === "release" ? route.id : route.view;
  useTitleAndFocus(route, place, main);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href="#/">
          gonogo
        </a>
        <nav aria-label="Main">
          {BAR.map(({ view, href, name }) => (
            <a key={view} href={href} {...(route.view === view ? { "aria-current": "page" } : {})}>
              {name}
            </a>
          ))}
        </nav>
        <div class="me">
          <Clock />
          <ThemeToggle />
          {demo === undefined && me !== undefined && <Me />}
        </div>
      </header>
      {demo !== undefined && <DemoBar demo={demo} />}
      <Connection />
      <main id="main" ref={main} tabIndex={-1}>
        <View route={route} />
      </main>
      <Announcements />
    </>
  );
}

function View({ route }: { readonly route: Route }) {
  const { me, refused, credentials } = useSession();
  if (me === undefined && refused !== undefined) return <SignIn key={JSON.stringify(credentials ?? null)} />;
  if (me === undefined && credentials === undefined) return <Loading what="the page" />;
  switch (route.view) {
    case "board":
      return <BoardPage />;
    case "releases":
      return <ReleaseList />;
    case "release":
      return <ReleasePage key={route.id} id={route.id} tab={route.tab} />;
    case "plans":
      return <PlanPage />;
    case "calendar":
      return <CalendarPage key={JSON.stringify(credentials)} />;
    case "measures":
      return <MeasuresPage />;
    case "follow-ups":
      return (
        <>
          <FollowUpsPage key={JSON.stringify(credentials)} />
          <WaysBack />
        </>
      );
    case "governance":
      return <GovernancePage key={JSON.stringify(credentials)} />;
    case "system":
      return <SystemPage />;
    case "unknown":
      return (
        <>
          <h1 tabIndex={-1}>Nothing here</h1>
          <p>
            This page has no part “{route.hash}”. <a href="#/">To the board</a>
          </p>
        </>
      );
  }
}

function Me() {
  const { me, signOut } = useSession();
  return (
    <>
      <span>
        {me?.name} {me !== undefined && me.roles.length > 0 && `(${me.roles.join(", ")})`}
      </span>
      <button type="button" onClick={() => void signOut()}>
        Sign out
      </button>
    </>
  );
}

/** The server's time, by which everything here is told. */
function Clock() {
  const { mode, lostSince } = useSession();
  const at = new Date(Math.floor(useNow() / 1000) * 1000).toISOString();
  const isLive = mode === "streaming" && lostSince === undefined;
  return (
    <span class="utc">
      <span
        class={isLive ? "live-mark on" : "live-mark"}
        title={isLive ? "Told of every change at once" : "Asks for changes from time to time"}
        aria-hidden="true"
      />
      <time dateTime={at} title={localTime(at)}>
        {at.slice(11, 19)} UTC
      </time>
    </span>
  );
}

/** Says that the server is away, since when, and that what is shown is old. */
function Connection() {
  const { lostSince } = useSession();
  return (
    <div role="status" class="connection">
      {lostSince !== undefined && <Lost since={lostSince} />}
    </div>
  );
}

function Lost({ since }: { readonly since: number }) {
  useNow();
  const at = new Date(since).toISOString();
  return (
    <p>
      <span aria-hidden="true">⚠ </span>Connection lost since{" "}
      <time dateTime={at} title={localTime(at)}>
        {at.slice(11, 19)} UTC
      </time>
      ; showing what was known. Trying again.
      <span aria-hidden="true"> ({span(Date.now() - since)})</span>
    </p>
  );
}

/** What came of what was asked, for eyes and for screen readers. */
function Announcements() {
  const { said, announce } = useSession();
  return (
    <div class="announcements" role="log" aria-live="polite" aria-label="Answers">
      {said !== undefined && (
        <p class={said.tone}>
          <span aria-hidden="true">{said.tone === "good" ? "✓ " : "✕ "}</span>
          {said.text}
          <button type="button" class="link" onClick={() => announce("")}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}

function useTitleAndFocus(route: Route, place: string, main: { readonly current: HTMLElement | null }) {
  const first = useRef(true);
  useEffect(() => {
    const name = BAR.find(({ view }) => view === route.view)?.name;
    document.title = `${name ?? (route.view === "release" ? place : "Nothing here")} · gonogo`;
    // A new page was opened: readers begin at its start. Not when the site itself was.
    if (!first.current) (main.current?.querySelector<HTMLElement>("h1") ?? main.current)?.focus();
    first.current = false;
  }, [route.view, place, main]);
}
