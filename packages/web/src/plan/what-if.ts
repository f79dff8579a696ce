import type { Preview } from "@gonogo/client";

/** The minutes from T that a slider runs over: the plan from its first row to its last, whole minutes. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;

export function minutesOf(rows: Preview["rows"], t: string): Span {
  const moments = rows.flatMap(({ at, ends }) => [Date.parse(at), Date.parse(ends)]);
  const at = Date.parse(t);
  if (moments.length === 0) return { from: 0, to: 60 };
  return {
    from: Math.floor((Math.min(...moments, at) - at) / MINUTE),
    to: Math.ceil((Math.max(...moments, at) - at) / MINUTE),
  };
}

/** A minute as plans write it: `T+17m`. */
export function offsetText(minute: number): string {
  return minute < 0 ? `T${minute}m` : `T+${minute}m`;
}

/** Where an alarm does most harm at first sight: in the middle of the first watch. */
export function firstGuess(rows: Preview["rows"], t: string): number {
  const phase = rows.find(({ kind }) => kind === "phase");
  if (phase === undefined) return 0;
  const middle = (Date.parse(phase.at) + Date.parse(phase.ends)) / 2;
  return Math.round((middle - Date.parse(t)) / MINUTE);
}
