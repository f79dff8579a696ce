import { useEffect, useRef } from "preact/hooks";
import { useNow } from "../clock/use-now.ts";
import { DemoBar } from "../demo/bar.tsx";
import { localTime, span } from "../kit/format.ts";
import { Loading } from "../kit/parts.tsx";
import { PlanPage } from "../plan/page.tsx";
import { ReleaseList } from "../release/list.tsx";
import { ReleasePage } from "../release/page.tsx";
import { SessionProvider, useSession } from "../session/session.tsx";
import { SignIn } from "../session/sign-in.tsx";
import { type Route, useRoute } from "./route.ts";

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
          <a href="#/" {...(route.view === "releases" ? { "aria-current": "page" } : {})}>
            Releases
          </a>
          <a href="#/plans" {...(route.view === "plans" ? { "aria-current": "page" } : {})}>
            Plans
          </a>
        </nav>
        {demo === undefined && me !== undefined && <Me />}
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
    case "releases":
      return <ReleaseList />;
    case "release":
      return <ReleasePage key={route.id} id={route.id} tab={route.tab} />;
    case "plans":
      return <PlanPage />;
    case "unknown":
      return (
        <>
          <h1 tabIndex={-1}>Nothing here</h1>
          <p>
            This page has no part “{route.hash}”. <a href="#/">All releases</a>
          </p>
        </>
      );
  }
}

function Me() {
  const { me, signIn } = useSession();
  return (
    <div class="me">
      <span>
        {me?.name} {me !== undefined && me.roles.length > 0 && `(${me.roles.join(", ")})`}
      </span>
      <button type="button" onClick={() => signIn(undefined)}>
        Sign out
      </button>
    </div>
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
    const names = { releases: "Releases", plans: "Plans", unknown: "Nothing here", release: place };
    document.title = `${names[route.view]} · gonogo`;
    // A new page was opened: readers begin at its start. Not when the site itself was.
    if (!first.current) (main.current?.querySelector<HTMLElement>("h1") ?? main.current)?.focus();
    first.current = false;
  }, [route.view, place, main]);
}
