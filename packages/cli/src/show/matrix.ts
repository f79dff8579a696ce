import type { MatrixRow } from "@gonogo/client";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";

/** A plan's decision matrix, a line for each trigger, the most urgent first. */
export function matrixLines(rows: readonly MatrixRow[], paint: Paint, options: TableOptions = {}): string[] {
  const cells = rows.map((row) => {
    const silence = row.onSilence === "rollback" ? `; silence for ${row.within} means rollback` : "";
    const by = row.by.length === 0 ? "a person who sees it" : row.by.join(", ");
    const colour = row.respond === "rollback" ? "red" : row.onSilence === "rollback" ? "yellow" : "dim";
    return [paint(colour, row.respond), row.when, by, row.happens, `${row.decides}${silence}`, row.owner];
  });
  const head = ["Response", "When", "Seen by", "At once", "Who decides", "Owner"];
  return table([head.map((title) => paint("bold", title)), ...cells], options);
}
