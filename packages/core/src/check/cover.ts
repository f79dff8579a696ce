import { type Instant, latest } from "../kit/instant.ts";

export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** The first moment of a stretch that none of the others covers; undefined when all of it is covered. */
export function firstGap({ from, to }: Stretch, shifts: readonly Stretch[]): Instant | undefined {
  let covered = from;
  for (const shift of shifts.toSorted((a, b) => a.from.localeCompare(b.from))) {
    if (shift.from > covered) break;
    covered = latest(covered, shift.to);
    if (covered >= to) return undefined;
  }
  return covered >= to ? undefined : covered;
}
