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
