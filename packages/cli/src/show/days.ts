import type { Paint } from "../terminal/paint.ts";

/** Rows of one table with a heading above each day's first: the columns stay where they are all the way. */
export function underDays(days: readonly string[], rows: readonly string[][], paint: Paint): string[] {
  return rows.flatMap((lines, index) => {
    const today = days[index] ?? "";
    return today === days[index - 1] ? lines : [paint("bold", `${today} (UTC)`), ...lines];
  });
}
