import type { Preview, ReleaseView } from "@gonogo/client";
import type { Tone } from "../kit/parts.tsx";
import { cutShortAt, stepWordsIn } from "../release/status.ts";

/** One line of the chart. Moments in milliseconds. */
export interface ChartRow {
  readonly id: string;
  readonly label: string;
  readonly words: string;
  readonly tone: Tone;
  readonly planned: readonly [number, number];
  readonly actual?: readonly [number, number];
  /** How much later than planned it began, or is by now, where that is more than a minute. Milliseconds. */
  readonly late?: number;
  /** A watch window: how much of it has passed, 0 to 100. */
  readonly watch?: { readonly from: number; readonly until: number; readonly percent: number };
}

export interface Lane {
  readonly id: string;
  readonly name: string;
  /** Percent of the traffic or users now, of a component. */
  readonly share?: number;
  readonly rows: readonly ChartRow[];
}

const RUNBOOK = "runbook";

type LanesView = Pick<ReleaseView, "steps" | "components" | "rollback" | "endedAt" | "startedAt">;

/** A release's steps by lane: one for the runbook, one for each component. */
export function lanesOf(view: LanesView, now: number): Lane[] {
  const lanes = [
    { id: RUNBOOK, name: "Runbook" },
    ...view.components.map(({ id, name, previous, next, share }) => {
      const versions = previous === undefined || next === undefined ? "" : ` (${previous} → ${next})`;
      return { id, name: `${name}${versions}`, share };
    }),
  ];
  return lanes
    .map((lane) => ({
      ...lane,
      rows: view.steps
        .filter(({ phase }) => (phase?.component ?? RUNBOOK) === lane.id)
        .map((step) => rowOf(view, step, now)),
    }))
    .filter(({ rows }) => rows.length > 0);
}

function rowOf(view: LanesView, step: ReleaseView["steps"][number], now: number): ChartRow {
  const { words, tone } = stepWordsIn(view, step);
  const row: ChartRow = {
    id: step.id,
    label: step.what,
    words,
    tone,
    planned: [Date.parse(step.plannedStart), Date.parse(step.plannedEnd)],
  };
  if (step.startedAt === undefined) return { ...row, ...lateBy(view, step, now) };
  const start = Date.parse(step.startedAt);
  const cut = cutShortAt(view, step);
  const ended = step.endedAt ?? cut;
  const end = Math.max(start, ended === undefined ? now : Date.parse(ended));
  const actual: ChartRow = { ...row, ...lateBy(view, step, now), actual: [start, end] };
  if (
    cut !== undefined ||
    step.status !== "watching" ||
    step.shiftedAt === undefined ||
    step.watchUntil === undefined
  ) {
    return actual;
  }
  const from = Date.parse(step.shiftedAt);
  const until = Date.parse(step.watchUntil);
  return { ...actual, watch: { from, until, percent: watched(from, until, now) } };
}

/** What is less late than this is on time. */
const ON_TIME_MS = 60_000;

function lateBy(
  view: LanesView,
  { plannedStart, startedAt, status }: ReleaseView["steps"][number],
  now: number,
): { late?: number } {
  // What has not begun is late only as long as it is still to come.
  const isToCome = status === "waiting" && view.endedAt === undefined && view.rollback === undefined;
  if (startedAt === undefined && (!isToCome || view.startedAt === undefined)) return {};
  const late = (startedAt === undefined ? now : Date.parse(startedAt)) - Date.parse(plannedStart);
  return late > ON_TIME_MS ? { late } : {};
}

/** How much of a window has passed, in whole percent. */
export function watched(from: number, until: number, now: number): number {
  if (until <= from) return 100;
  return Math.min(100, Math.max(0, Math.floor(((now - from) / (until - from)) * 100)));
}

/** A plan's preview by lane; nothing has happened yet. */
export function previewLanes(rows: Preview["rows"]): Lane[] {
  const names = [...new Set(rows.map(({ lane }) => lane))];
  return names.map((lane) => ({
    id: lane,
    name: lane === RUNBOOK ? "Runbook" : lane,
    rows: rows
      .filter((row) => row.lane === lane)
      .map((row, index) => ({
        id: `${lane} ${index}`,
        label: row.what,
        words: row.heldUpBy.length === 0 ? row.kind : `${row.kind}, waits for ${row.heldUpBy.join(", ")}`,
        tone: "quiet",
        planned: [Date.parse(row.at), Date.parse(row.ends)],
      })),
  }));
}

/** All moments at which something begins or ends. */
export function momentsOf(lanes: readonly Lane[]): number[] {
  const all = lanes.flatMap(({ rows }) =>
    rows.flatMap(({ planned, actual, watch }) => [
      ...planned,
      ...(actual ?? []),
      ...(watch === undefined ? [] : [watch.until]),
    ]),
  );
  return [...new Set(all)].sort((a, b) => a - b);
}
