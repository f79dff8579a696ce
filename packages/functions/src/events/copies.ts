import type { CopiesElsewhere } from "@gonogo/core/audit/ports";

/** Where a deployment keeps no copies in another account. */
export const NOWHERE: CopiesElsewhere = { where: undefined, put: async () => {} };

/** What the keys of the copies begin with, in the bucket for evidence. */
export const CHECKPOINTS = "audit/checkpoints/";

/** Where the copy of a checkpoint lies; keys are in the order of sizes. */
export function checkpointKey(size: number): string {
  return `${CHECKPOINTS}${placeOf(size)}.json`;
}

/** Where the copy of a succession lies: behind the checkpoint that it goes on from. */
export function successionKey(size: number, number: number): string {
  return `${CHECKPOINTS}${placeOf(size)}.succession-${String(number).padStart(4, "0")}.json`;
}

function placeOf(size: number): string {
  return String(size).padStart(8, "0");
}

/** What comes behind the copies of this size, and before those of any larger one. */
export function behind(size: number): string {
  return `${CHECKPOINTS}${placeOf(size)}~`;
}

/** The size in the name of a copy; undefined in what is none. */
export function sizeIn(key: string): number | undefined {
  const place = /^(\d{8,})(?:\.succession-\d{4,})?\.json$/.exec(key.slice(CHECKPOINTS.length))?.[1];
  return place === undefined ? undefined : Number(place);
}

export function isSuccession(key: string): boolean {
  return key.includes(".succession-");
}
