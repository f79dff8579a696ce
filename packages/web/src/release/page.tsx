import type { Courses, ReleaseView } from "@gonogo/client";
import { useState } from "preact/hooks";
import { ActionDialog } from "../action/dialog.tsx";
import type { Action } from "../action/inputs.ts";
import { ActionPanel, SteeringBar } from "../action/panel.tsx";
import { lazy } from "../app/lazy.tsx";
import { releaseAddress, TABS, type Tab } from "../app/route.ts";
import { AuditLog } from "../audit/log.tsx";
import { useNow } from "../clock/use-now.ts";
import { Closing } from "../closing/list.tsx";
import { Documents } from "../document/page.tsx";
import { Gates } from "../gate/board.tsx";
import { Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { Messages } from "../message/list.tsx";
import { Metrics } from "../metric/list.tsx";
import { FollowUps, Hypercare } from "../obligation/list.tsx";
import { NamesProvider, useNames } from "../person/names.tsx";
import { revisionBefore } from "../plan/difference.tsx";
import { Review } from "../review/form.tsx";
import { Criteria, Validations } from "../review/validations.tsx";
import { Rollback } from "../rollback/items.tsx";
import { WayBack } from "../rollback/way-back.tsx";
import { useSession } from "../session/session.tsx";
import { InHand } from "../step/in-hand.tsx";
import { TimelineChart } from "../timeline/chart.tsx";
import { lanesOf } from "../timeline/rows.ts";
import { StepTable } from "../timeline/table.tsx";
import { Traffic } from "../traffic/shares.tsx";
import { Triggers } from "../trigger/list.tsx";
import { ReleaseHeader } from "./header.tsx";
import { isOver } from "./status.ts";
import { useRelease } from "./use-release.ts";
import { Waits } from "./waits.tsx";

const TAB_NAMES: Record<Tab, string> = {
  overview: "Overview",
  steps: "Runbook",
  gates: "Gates",
  alarms: "Triggers",
  messages: "Messages",
  review: "Review",
  documents: "Documents",
  "follow-ups": "Follow-ups",
  log: "Audit log",
};

export function ReleasePage({ id, tab }: { readonly id: string; readonly tab: Tab }) {
  const { view, error, refresh } = useRelease(id);
  const names = useNames(view);
  const [chosen, setChosen] = useState<Action>();
  if (view === undefined) {
    if (error === undefined) return <Loading what={`release ${id}`} />;
    return (
      <>
        <h1 tabIndex={-1}>{id}</h1>
        <Trouble error={error} />
        <p>
          <a href="#/">All releases</a>
        </p>
      </>
    );
  }
  return (
    <NamesProvider value={names}>
      <ReleaseHeader view={view} choose={setChosen} />
      <nav class="tabs" aria-label="Parts of the release">
        {TABS.map((one) => (
          <a key={one} href={releaseAddress(id, one)} {...(one === tab ? { "aria-current": "page" } : {})}>
            {TAB_NAMES[one]}
          </a>
        ))}
      </nav>
      <Part view={view} tab={tab} choose={setChosen} />
      <SteeringBar view={view} choose={setChosen} />
      {chosen !== undefined && (
        <ActionDialog
          key={JSON.stringify(chosen.command)}
          release={id}
          action={chosen}
          since={revisionBefore(view)}
          close={() => setChosen(undefined)}
          done={refresh}
        />
      )}
    </NamesProvider>
  );
}

interface PartProps {
  readonly view: ReleaseView;
  readonly tab: Tab;
  readonly choose: (action: Action) => void;
}

const Matrix = lazy("the matrix", async () => (await import("../app/office.ts")).Matrix);

function Part({ view, tab, choose }: PartProps) {
  const { client } = useSession();
  switch (tab) {
    case "overview":
      return <Overview view={view} choose={choose} />;
    case "steps":
      return (
        <>
          <InHand view={view} choose={choose} />
          <Section title="All steps">
            <StepTable view={view} />
          </Section>
        </>
      );
    case "gates":
      return <Gates view={view} choose={choose} />;
    case "alarms":
      return (
        <>
          <Triggers view={view} choose={choose} />
          <Matrix text={() => client.planText(view.id)} mark={view.planDigest} />
        </>
      );
    case "messages":
      return <Messages view={view} />;
    case "review":
      return (
        <div class="columns">
          <Review key={view.id} view={view} choose={choose} />
          <div>
            <Criteria view={view} />
            <Validations view={view} />
          </div>
        </div>
      );
    case "documents":
      return <Documents view={view} mark={markOf(view)} />;
    case "follow-ups":
      return (
        <>
          <Hypercare view={view} />
          <ActionPanel view={view} choose={choose} />
          <Closing view={view} />
          <FollowUps view={view} choose={choose} />
        </>
      );
    case "log":
      return (
        <AuditLog
          of={view.id}
          mark={markOf(view)}
          load={(query) => client.records(view.id, query)}
          verify={() => client.verify(view.id)}
        />
      );
  }
}

function Overview({ view, choose }: Omit<PartProps, "tab">) {
  const { me, client } = useSession();
  const over = isOver(view.status);
  const now = useNow();
  // Courses grow with time: looked at every ten seconds (oftener where the clock runs faster than the wall's),
  // and whenever the release itself changes.
  const every = me?.demo === true ? 2_000 : 10_000;
  const { value: courses } = useLoaded(
    () => client.courses(view.id),
    [view.id, markOf(view), over ? 0 : Math.floor(Date.now() / every)],
  );
  return (
    <div class="overview">
      <div class="side">
        {!over && <ActionPanel view={view} choose={choose} />}
        <InHand view={view} choose={choose} />
        {!over && <Waits view={view} />}
        <Rollback view={view} />
        {!over && <WayBack view={view} choose={choose} />}
        {over && (
          <Section title="What is left">
            <WhatIsLeft view={view} />
          </Section>
        )}
      </div>
      <div class="main-part">
        <Section title="Timeline">
          <TimelineChart
            lanes={lanesOf(view, now)}
            t={view.t ?? view.plannedT}
            table="the Runbook part of this page"
            shares={sharesOf(courses)}
            {...(over ? {} : { now })}
          />
        </Section>
        <Traffic view={view} courses={courses} />
        <Metrics view={view} courses={courses} choose={choose} roles={me?.roles ?? []} />
      </div>
    </div>
  );
}

function sharesOf(courses: Courses | undefined): Record<string, { at: number; value: number }[]> {
  return Object.fromEntries(
    (courses?.shares ?? []).map(({ component, points }) => [
      component,
      points.map(({ at, value }) => ({ at: Date.parse(at), value })),
    ]),
  );
}

function WhatIsLeft({ view }: { readonly view: ReleaseView }) {
  if (view.review.signedAt !== undefined) return <p>Nothing: the review is signed.</p>;
  return (
    <p>
      <a href={releaseAddress(view.id, "review")}>Write the review</a>, signed by {view.review.role}.
    </p>
  );
}

/** Changes when the release does. */
function markOf(view: ReleaseView): string {
  return `${view.status} ${view.now}`;
}
