import type { PreviewRow } from "@gonogo/client";
import { parseOffset, spokenOffset } from "@gonogo/core/kit/offset";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, tableRows } from "../terminal/table.ts";
import { clock, day } from "../terminal/time.ts";
import { underDays } from "./days.ts";

/** A plan's timeline as it would run if everybody were punctual: a line for each thing that begins. */
export function previewLines(
  rows: readonly PreviewRow[],
  paint: Paint,
  options: TableOptions = {},
): string[] {
  const inOrder = rows.toSorted((a, b) => a.at.localeCompare(b.at));
  const cells = inOrder.map((row) => [
    clock(row.at).slice(0, 5),
    spokenWhere(row.offset),
    row.ends === row.at ? "" : `to ${untilOf(row)}`,
    row.kind,
    row.lane,
    row.owner,
    row.what +
      (row.heldUpBy.length > 0 ? paint("yellow", ` (held up by ${row.heldUpBy.join(", ")})`) : "") +
      (row.heldBy === undefined ? "" : paint("yellow", ` (waits: ${row.heldBy})`)) +
      (row.oneWay === undefined ? "" : paint("red", ` [${row.oneWay}]`)),
  ]);
  const days = inOrder.map(({ at }) => day(at));
  return underDays(days, tableRows(cells, { ...options, indent: 2 }), paint);
}

function untilOf({ at, ends, endsOffset }: PreviewRow): string {
  const time = clock(ends).slice(0, 5);
  const when = day(at) === day(ends) ? time : `${day(ends).slice(5)} ${time}`;
  return `${when} ${spokenWhere(endsOffset)}`;
}

function spokenWhere(text: string): string {
  const parsed = parseOffset(text);
  return parsed.ok ? spokenOffset(parsed.value) : text;
}
