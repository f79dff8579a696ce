import type { Retrier } from "./asl.ts";
import { type Failure, isFatal, matchesError } from "./failure.ts";

export interface Retry {
  /** Which of the state's retriers it is: each counts for itself. */
  readonly retrier: number;
  readonly delayMs: number;
}

/**
 * The retry that a failure has left, if any: only the first retrier that matches is asked, and when it is
 * used up the failure goes to Catch.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 * @param used how often each retrier has been used in this visit of the state
 * @param random at least 0, below 1; asked only for JitterStrategy FULL
 */
export function nextRetry(
  retriers: readonly Retrier[],
  used: readonly number[],
  failure: Failure,
  random: () => number,
): Retry | undefined {
  if (isFatal(failure)) return undefined;
  const index = retriers.findIndex((retrier) => matchesError(retrier.ErrorEquals, failure));
  const retrier = retriers[index];
  if (retrier === undefined) return undefined;
  const before = used[index] ?? 0;
  if (before >= (retrier.MaxAttempts ?? 3)) return undefined;
  return { retrier: index, delayMs: retryDelay(retrier, before, random) };
}

/** In milliseconds. `before` retries have been made. */
export function retryDelay(retrier: Retrier, before: number, random: () => number): number {
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** before;
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? LONGEST_SECONDS);
  return Math.round((retrier.JitterStrategy === "FULL" ? random() * seconds : seconds) * 1000);
}

/** "IntervalSeconds … has a maximum value of 99999999"; a grown interval is held to it too. */
const LONGEST_SECONDS = 99_999_999;
