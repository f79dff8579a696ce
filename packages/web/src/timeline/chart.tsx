import { useState } from "preact/hooks";
import type { Point } from "../chart/scale.ts";
import { dayTime, fromT, span } from "../kit/format.ts";
import { type Axis, makeAxis, ticksOf } from "./axis.ts";
import { type ChartRow, type Lane, momentsOf } from "./rows.ts";
import { shareArea } from "./shares.ts";

interface Props {
  readonly lanes: readonly Lane[];
  readonly t: string;
  /** Where the line of the present stands; none in a preview. Milliseconds. */
  readonly now?: number;
  /** Where the same is to be had as text. */
  readonly table: string;
  /** The share of each lane's component over time. */
  readonly shares?: Readonly<Record<string, readonly Point[]>>;
  /** A moment that is marked, such as that of an alarm. */
  readonly mark?: { readonly at: number; readonly name: string };
}

/** Planned against actual, a row a step, by lane. */
export function TimelineChart({ lanes, t, now, table, shares = {}, mark }: Props) {
  const [scale, setScale] = useState<"true" | "folded">("folded");
  const moments = momentsOf(lanes);
  const last = moments.at(-1) ?? Date.parse(t);
  const first = moments[0] ?? Date.parse(t);
  const ends = [
    ...(now === undefined ? [] : [Math.max(last, Math.min(now, last + 3_600_000))]),
    ...(mark === undefined ? [] : [mark.at]),
  ];
  const axis = makeAxis([...moments, ...ends], scale);
  // On a phone only every label that has room there; on a wide screen more of them.
  const always = ticksOf(axis, moments, Date.parse(t), 26).map(({ at }) => at);
  const ticks = ticksOf(axis, [...always, ...moments], Date.parse(t), 11);
  const seen = now !== undefined && now >= first && now <= axis.to;
  return (
    <figure class="timeline">
      <figcaption>
        <span class="legend">
          <span class="key planned" aria-hidden="true" /> planned
          <span class="key actual" aria-hidden="true" /> actual
          <span class="key watch" aria-hidden="true" /> watch
          {Object.keys(shares).length > 0 && (
            <>
              <span class="key share" aria-hidden="true" /> share
            </>
          )}
          {seen && (
            <>
              <span class="key now" aria-hidden="true" /> now
            </>
          )}
          {mark !== undefined && (
            <>
              <span class="key mark" aria-hidden="true" /> {mark.name}
            </>
          )}
        </span>
        <label class="inline">
          <input
            type="checkbox"
            checked={scale === "true"}
            onChange={(event) => setScale(event.currentTarget.checked ? "true" : "folded")}
          />
          To scale
        </label>
      </figcaption>
      <div class="lanes" role="img" aria-label={`Timeline, planned against actual. As text: ${table}.`}>
        <div class="row axis">
          <div class="row-label" />
          <div class="track">
            {ticks.map(({ at, percent }) => (
              <span
                key={at}
                class={`${tickClass(percent)}${always.includes(at) ? "" : " wide"}`}
                style={{ left: `${percent}%` }}
              >
                {compact(fromT(t, at))}
              </span>
            ))}
          </div>
        </div>
        {lanes.map((lane) => (
          <div key={lane.id} class="lane">
            <div class="row lane-head">
              <p class="lane-name">
                {lane.name}
                {lane.share !== undefined && <b class="lane-share">{lane.share} %</b>}
              </p>
              <ShareTrack points={shares[lane.id] ?? []} axis={axis} until={now ?? last} />
            </div>
            {lane.rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                axis={axis}
                t={t}
                ticks={ticks.map(({ percent }) => percent)}
                {...(seen ? { now } : {})}
                {...(mark === undefined ? {} : { mark: mark.at })}
              />
            ))}
          </div>
        ))}
      </div>
    </figure>
  );
}

/** `T+2 h 30 min` on the narrow axis is `T+2h30`. */
function compact(offset: string): string {
  return offset
    .replace(/ min/g, "m")
    .replace(/ days?/g, "d")
    .replace(/ /g, "");
}

function tickClass(percent: number): string {
  if (percent < 8) return "tick first";
  return percent > 92 ? "tick last" : "tick";
}

interface ShareProps {
  readonly points: readonly Point[];
  readonly axis: Axis;
  readonly until: number;
}

function ShareTrack({ points, axis, until }: ShareProps) {
  const path = shareArea(points, axis, until);
  if (path === "") return null;
  return (
    <svg class="share-track" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

interface RowProps {
  readonly row: ChartRow;
  readonly axis: Axis;
  readonly t: string;
  readonly ticks: readonly number[];
  readonly now?: number;
  readonly mark?: number;
}

function Row({ row, axis, t, ticks, now, mark }: RowProps) {
  const { planned, actual, watch, tone, words, label, late } = row;
  return (
    <div class="row" title={titleOf(row, t)}>
      <div class="row-label">
        <span class="row-what">{label}</span>
        <span class={`row-state ${tone}`}>
          {words}
          {watch !== undefined && ` ${watch.percent} %`}
          {late !== undefined && <b class="late"> {span(late)} late</b>}
        </span>
      </div>
      <div class="track">
        {ticks.map((percent) => (
          <span key={percent} class="grid-line" style={{ left: `${percent}%` }} />
        ))}
        <Bar axis={axis} span={planned} kind="planned" />
        {watch !== undefined && <Bar axis={axis} span={[watch.from, watch.until]} kind="watch" />}
        {actual !== undefined && <Bar axis={axis} span={actual} kind={`actual ${tone}`} />}
        {now !== undefined && <span class="now-line" style={{ left: `${axis.place(now)}%` }} />}
        {mark !== undefined && <span class="mark-line" style={{ left: `${axis.place(mark)}%` }} />}
      </div>
    </div>
  );
}

interface BarProps {
  readonly axis: Axis;
  readonly span: readonly [number, number];
  readonly kind: string;
}

function Bar({ axis, span: [from, to], kind }: BarProps) {
  const left = axis.place(from);
  if (from === to) return <span class={`bar point ${kind}`} style={{ left: `${left}%` }} />;
  const width = axis.place(to) - left;
  return <span class={`bar ${kind}`} style={{ left: `${left}%`, width: `${width}%` }} />;
}

function titleOf({ label, words, planned, actual }: ChartRow, t: string): string {
  const [start, end] = planned;
  const length = end > start ? `, ${span(end - start)}` : "";
  const plan = `planned ${fromT(t, start)}${length}`;
  const done = actual === undefined ? "" : `; began ${dayTime(new Date(actual[0]).toISOString())}`;
  return `${label} (${words}): ${plan}${done}`;
}
