import type { ReleaseSummary } from "@gonogo/client";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";
import { clock, day } from "../terminal/time.ts";
import { statusStyle } from "./status.ts";

/** Releases, a line each. */
export function listLines(
  items: readonly ReleaseSummary[],
  paint: Paint,
  options: TableOptions = {},
): string[] {
  const head = ["RELEASE", "STATUS", "T (UTC)", "ENVIRONMENT", "TITLE"].map((text) => paint("dim", text));
  const rows = items.map((one) => {
    const t = one.t ?? one.plannedT;
    return [
      one.id,
      paint(statusStyle(one.status), one.status) + (one.paused ? paint("yellow", ", paused") : ""),
      `${day(t)} ${clock(t).slice(0, 5)}`,
      one.environment,
      one.title,
    ];
  });
  return table([head, ...rows], options);
}
