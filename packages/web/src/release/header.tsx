import type { ReleaseView } from "@gonogo/client";
import type { Action } from "../action/inputs.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { useNow } from "../clock/use-now.ts";
import { Freezes } from "../freeze/shown.tsx";
import { dayTime, fromT, localTime, shortDigest } from "../kit/format.ts";
import { Badge } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";
import { isOver, statusWords } from "./status.ts";
import { Questions } from "./waits.tsx";

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

/** What one has to know at a glance: how it stands, where it is in time, what comes next. */
export function ReleaseHeader({ view, choose }: Props) {
  const { words, tone } = statusWords(view.status, view.paused !== undefined);
  const over = isOver(view.status);
  return (
    <header class="release-head">
      <p class="crumb">
        <a href="#/">Releases</a> / <span>{view.id}</span>
      </p>
      <h1 tabIndex={-1}>{view.title}</h1>
      <div class="status-line">
        <output class={`status ${tone}`} aria-label="Status">
          <Badge tone={tone}>{words}</Badge>
        </output>
        {!over && view.waitsFor.some(({ urgent }) => urgent) && <Badge tone="ask">Decision wanted</Badge>}
        {view.paused !== undefined && !over && (
          <span>
            Paused since <Time at={view.paused.since} />: {view.paused.cause}
          </span>
        )}
        {view.why !== undefined && <span>{view.why}</span>}
      </div>
      <Questions view={view} choose={choose} />
      {!over && <Freezes view={view} />}
      <dl class="facts">
        {!over && <NowFact view={view} />}
        <Fact name={view.t === undefined ? "T (planned)" : "T"}>
          <Time at={view.t ?? view.plannedT} />
        </Fact>
        {view.upNext !== undefined && (
          <Fact name="Next">
            {view.upNext.what} <Countdown to={view.upNext.at} />
            <br />
            <Time at={view.upNext.at} />
          </Fact>
        )}
        {view.endedAt !== undefined && (
          <Fact name="Ended">
            <Time at={view.endedAt} />
          </Fact>
        )}
        {view.endsAbout !== undefined && !over && (
          <Fact name="Ends about">
            <Time at={view.endsAbout} />
          </Fact>
        )}
        {view.incident !== undefined && (
          <Fact name="Incident">
            {view.incident.id}; postmortem {view.incident.postmortemAt === undefined ? "due " : "signed "}
            <Time at={view.incident.postmortemAt ?? view.incident.postmortemDue} />
          </Fact>
        )}
      </dl>
      <details>
        <summary>About this release</summary>
        <dl class="facts">
          <Fact name="Environment">{view.environment}</Fact>
          <Fact name="Plan">
            revision {view.revision}, <code title={view.planDigest}>{shortDigest(view.planDigest)}</code>
          </Fact>
          {view.requester !== undefined && (
            <Fact name="Submitted by">
              <Person id={view.requester} />
            </Fact>
          )}
          <Fact name="Submitted">
            <Time at={view.submittedAt} />
          </Fact>
        </dl>
      </details>
    </header>
  );
}

function NowFact({ view }: { readonly view: ReleaseView }) {
  const now = useNow();
  const at = new Date(Math.floor(now / 1000) * 1000).toISOString();
  return (
    <Fact name="Now">
      <b>{fromT(view.t ?? view.plannedT, now)}</b>
      <br />
      <time dateTime={at} title={localTime(at)}>
        {dayTime(at)}
      </time>
    </Fact>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
