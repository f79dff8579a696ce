/** How often something is asked again where nobody tells of changes. Milliseconds. */
export interface Pace {
  /** After something was new. */
  readonly quickest: number;
  /** After nothing has been new for long. */
  readonly slowest: number;
}

/** Between two questions in any case: many changes at once are one. */
export const LEAST_MS = 120;
/** While a stream tells of changes, time itself changes things as well. */
const STREAMED_MS = 20_000;
const HIDDEN_MS = 30_000;

/** How long to wait after `quiet` questions in a row that brought nothing new. */
export function waitAfter(
  quiet: number,
  pace: Pace,
  now: { readonly isStreaming: boolean; readonly isHidden: boolean },
): number {
  if (now.isHidden) return Math.max(HIDDEN_MS, pace.slowest);
  if (now.isStreaming) return STREAMED_MS;
  return Math.min(pace.slowest, Math.round(pace.quickest * 1.5 ** quiet));
}
