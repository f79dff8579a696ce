import type { BoardEntry } from "@gonogo/client";
import { releaseAddress } from "../app/route.ts";
import { Countdown, ShortTime } from "../clock/time.tsx";
import { useNow } from "../clock/use-now.ts";
import { fromT, span } from "../kit/format.ts";
import { Badge } from "../kit/parts.tsx";
import { isOver, statusWords } from "../release/status.ts";
import { firstWait } from "../release/waits.tsx";
import { watched } from "../timeline/rows.ts";

/** One active release: how it stands, what it waits for, what comes next. */
export function ReleaseCard({ release }: { readonly release: BoardEntry }) {
  const { id, title, environment, status, paused, alarms, steps, watch } = release;
  const { words, tone } = statusWords(status, paused);
  const isUrgent = release.waitsFor.some(({ urgent }) => urgent);
  const wait = firstWait(release);
  return (
    <li class={`release-card ${isUrgent && tone !== "bad" ? "ask" : tone}`}>
      <div class="release-card-head">
        <h3>
          <a href={releaseAddress(id)}>{title}</a>
        </h3>
        <Badge tone={tone}>{words}</Badge>
      </div>
      <p class="quiet">
        {id} · {environment} · <Where release={release} />
      </p>
      {isUrgent && (
        <p class="card-ask">
          <Badge tone="ask">Decision wanted</Badge>
        </p>
      )}
      <p class="card-wait">{wait ?? "Waits for nothing."}</p>
      {alarms.length > 0 && (
        <p class="card-alarm">
          <span aria-hidden="true">✕ </span>
          {alarms.join("; ")}
        </p>
      )}
      <ul class="shares">
        {release.components.map((component) => (
          <Share key={component.id} component={component} />
        ))}
      </ul>
      {watch !== undefined && !paused && <Watch watch={watch} />}
      <p class="card-foot quiet">
        <span>
          {steps.done} of {steps.of} steps
          {steps.late > 0 && <b class="late"> · {steps.late} late</b>}
        </span>
        {release.upNext !== undefined && (
          <span>
            Next: {release.upNext.what} <Countdown to={release.upNext.at} />
          </span>
        )}
      </p>
    </li>
  );
}

function Where({ release }: { readonly release: BoardEntry }) {
  const now = useNow();
  const t = release.t ?? release.plannedT;
  if (isOver(release.status)) return <span>ended</span>;
  return (
    <span>
      <b class="now-at">{fromT(t, Math.floor(now / 60_000) * 60_000)}</b>, T <ShortTime at={t} />
    </span>
  );
}

type Component = BoardEntry["components"][number];

function Share({ component }: { readonly component: Component }) {
  const { name, share, previous, next, held } = component;
  const versions = previous === undefined || next === undefined ? "" : ` ${previous} → ${next}`;
  return (
    <li>
      <span class="share-name">
        {name}
        <span class="quiet">{versions}</span>
        {held && <span class="quiet"> (stopped)</span>}
      </span>
      <span class="meter" aria-hidden="true">
        <span style={{ width: `${share}%` }} />
      </span>
      <b class="share-percent">{share} %</b>
    </li>
  );
}

function Watch({ watch }: { readonly watch: NonNullable<BoardEntry["watch"]> }) {
  const now = useNow();
  const [from, until] = [Date.parse(watch.from), Date.parse(watch.until)];
  const percent = watched(from, until, now);
  return (
    <div class="card-watch">
      <span class="share-name">
        Watch: {watch.name}
        <span class="quiet">{now < until ? `, ${span(until - now)} left` : ", being judged"}</span>
      </span>
      <span class="meter watch" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      <b class="share-percent">{percent} %</b>
    </div>
  );
}
