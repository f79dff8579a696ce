import { type Duration, days } from "../kit/duration.ts";

/**
 * Apple's phased release: the share of users with automatic updates that each day reaches. Fixed; it can
 * be paused (30 days in all), resumed, or ended by releasing to everyone, and never steered.
 * https://developer.apple.com/help/app-store-connect/update-your-app/release-a-version-update-in-phases
 */
export const APP_STORE_CURVE: readonly number[] = [1, 2, 5, 10, 20, 50, 100];

/** How long a phased release may stand paused in all before Apple ends the pause. */
export const APP_STORE_LONGEST_PAUSE = days(30);

/** The share on a day of the phased release, 1 to 7; before it 0, after it 100. */
export function shareOnDay(day: number): number {
  if (day < 1) return 0;
  return APP_STORE_CURVE[Math.min(Math.floor(day), APP_STORE_CURVE.length) - 1] ?? 100;
}

/** The first day on which the share is at least `percent`. */
export function dayOf(percent: number): number {
  return APP_STORE_CURVE.findIndex((share) => share >= percent) + 1 || APP_STORE_CURVE.length;
}

/** How long after its start the phased release reaches `percent`: day 1 begins at once. */
export function reachedAfter(percent: number): Duration {
  return days(dayOf(percent) - 1);
}

/** The day after so much running time (pauses not counted): day 1 in the first 24 hours. */
export function dayAfter(running: number): number {
  return Math.floor(running / 86_400_000) + 1;
}

/** Whether Apple has a day with just this share. */
export function isOnCurve(percent: number): boolean {
  return APP_STORE_CURVE.includes(percent);
}
