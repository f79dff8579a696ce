import type { ReleaseView } from "@gonogo/client";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";
import { between, fromT, near } from "../terminal/time.ts";
import { cut, oneLine } from "../terminal/width.ts";
import { headLines } from "./release.ts";
import { componentRows, metricRows, waitRows } from "./rows.ts";
import { statusStyle } from "./status.ts";

export interface Frame extends TableOptions {
  /** Of the terminal. A frame that is taller could not be drawn over. */
  readonly rows: number;
  readonly note?: string | undefined;
}

/** What `watch` draws: the parts that move, and of a long plan the steps around the present. */
export function watchFrame(view: ReleaseView, paint: Paint, { columns, rows, note }: Frame): string[] {
  // Rows are cut, not wrapped: a line that the terminal broke would be counted wrongly.
  const lay = (cells: readonly (readonly string[])[]) => table(cells, { indent: 2 });
  const head = headLines(view, paint);
  const part = (title: string, cells: readonly (readonly string[])[]) =>
    cells.length === 0 ? [] : ["", paint("bold", title), ...lay(cells)];
  const waits = part("Waits for", waitRows(view, paint));
  const shares = part("Components", componentRows(view, paint));
  // Ids are for typing; who watches needs the room for what is done.
  const metrics = part("Metrics", metricRows(view, paint).map(withoutId));
  const foot = ["", note ?? paint("dim", "Ctrl-C stops watching; the release goes on.")];
  const others = head.length + waits.length + shares.length + metrics.length + foot.length + 2;
  const room = Math.max(3, rows - 1 - others);
  const steps = ["", paint("bold", "Steps"), ...around(view, lay(frameSteps(view, paint)), room)];
  const frame = [...head, ...waits, ...shares, ...steps, ...metrics];
  return [...frame.slice(0, Math.max(1, rows - 1 - foot.length)), ...foot].map((line) =>
    columns === undefined ? oneLine(line) : cut(oneLine(line), columns - 1),
  );
}

function withoutId(row: readonly string[]): string[] {
  return row.filter((_, column) => column !== 2);
}

/** A step's line, with how long its window still is before anything that might be cut off. */
function frameSteps(view: ReleaseView, paint: Paint): string[][] {
  const t = view.t ?? view.plannedT;
  return view.steps.map(({ status, watchUntil, what, owner, ...step }) => {
    const at = step.shiftedAt ?? step.startedAt ?? step.plannedStart;
    const left =
      status === "watching" && watchUntil !== undefined && watchUntil > view.now
        ? `${between(view.now, watchUntil)} left`
        : "";
    const state = paint(statusStyle(status), status);
    return [fromT(t, at), near(view.now, at), state, left, `${what} (${owner})`];
  });
}

/** As many step lines as there is room for, with the first that is not over near the top. */
function around(view: ReleaseView, lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines];
  const over = ["done", "skipped"];
  const present = view.steps.findIndex(({ status }) => !over.includes(status));
  const from = Math.max(0, Math.min(lines.length - room, (present < 0 ? lines.length : present) - 1));
  return lines.slice(from, from + room);
}
