import type { OwedItem } from "@gonogo/client";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";
import { clock, day } from "../terminal/time.ts";

/** What is owed, a line each. */
export function obligationLines(
  items: readonly OwedItem[],
  paint: Paint,
  options: TableOptions = {},
): string[] {
  const head = ["DUE (UTC)", "STATE", "RELEASE", "OBLIGATION", "FOR", "WHAT"].map((text) =>
    paint("dim", text),
  );
  const rows = items.map(({ due, open, overdue, release, id, role, what, blocks }) => [
    `${day(due)} ${clock(due).slice(0, 5)}`,
    overdue ? paint("red", "overdue") : open ? paint("yellow", "open") : paint("green", "done"),
    release,
    id,
    role,
    open && blocks ? `${what} ${paint("yellow", "(holds up the next release)")}` : what,
  ]);
  return table([head, ...rows], options);
}
