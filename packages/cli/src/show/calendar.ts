import type { CalendarView } from "@gonogo/client";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";
import { clock, day } from "../terminal/time.ts";

/** The calendar: a line for each freeze and window, then what was imported and what cannot be fetched. */
export function calendarLines(view: CalendarView, paint: Paint, options: TableOptions = {}): string[] {
  const rows = view.entries.map((entry) => [
    entry.active ? paint("yellow", "now") : "",
    `${when(entry.from)} to ${when(entry.to)}`,
    entry.kind,
    entry.source === "declared" ? entry.id : entry.source,
    scopeOf(entry),
    entry.name +
      (entry.incident === undefined ? "" : ` (${entry.incident})`) +
      (entry.reason === undefined ? "" : `: ${entry.reason}`) +
      (entry.shortNotice === true ? paint("yellow", " (short notice)") : ""),
  ]);
  const none = rows.length === 0 ? [`nothing from ${when(view.from)} to ${when(view.to)}`] : [];
  const imports = view.imports.map(({ name, kind, host, entries, stale }) => {
    const from = host === undefined ? "uploaded" : `from ${host}`;
    const old =
      stale === undefined ? "" : paint("red", `; not fetched since ${when(stale.since)}: ${stale.why}`);
    return `import ${name}: ${entries} ${kind} entries, ${from}${old}`;
  });
  return [...none, ...table(rows, options), ...imports];
}

function when(moment: CalendarView["now"]): string {
  return `${day(moment)} ${clock(moment).slice(0, 5)}`;
}

function scopeOf({ environments, components }: CalendarView["entries"][number]): string {
  return [...(environments ?? []), ...(components ?? [])].join(", ") || "all";
}
