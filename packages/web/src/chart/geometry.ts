import type { Point } from "./scale.ts";

/** Maps a number to a place on the screen. Pixels. */
export type Place = (value: number) => number;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 2016].map((count) => count * HOUR),
];

/** Moments between two that lie whole steps from an origin: T-15 min, T, T+15 min; at most `most` of them. */
export function wholeSteps(min: number, max: number, most: number, origin: number): number[] {
  const step = STEPS_MS.find((one) => (max - min) / one <= most) ?? (max - min) / most;
  return every(step, min, max, origin);
}

/** Round numbers between two, at most `most` of them: 0, 0.5, 1. */
export function roundSteps(low: number, high: number, most: number): number[] {
  const least = (high - low) / most;
  if (!(least > 0)) return [low];
  const ten = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 2.5, 5].find((one) => one * ten >= least) ?? 10) * ten;
  return every(step, low, high, 0).map((value) => Number(value.toPrecision(12)));
}

function every(step: number, min: number, max: number, origin: number): number[] {
  const first = Math.ceil((min - origin) / step);
  const count = Math.floor((max - origin) / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => origin + (first + index) * step);
}

/** The moments of all lines, each once, from the first to the last. */
export function momentsIn(lines: readonly (readonly Point[])[]): number[] {
  return [...new Set(lines.flatMap((points) => points.map(({ at }) => at)))].sort((a, b) => a - b);
}

/** The one of many, in order, that is nearest. */
export function nearest(moments: readonly number[], to: number): number | undefined {
  return moments.reduce<number | undefined>(
    (best, one) => (best === undefined || Math.abs(one - to) < Math.abs(best - to) ? one : best),
    undefined,
  );
}

/** A line through points, as an SVG path; where a value is missing it is broken. */
export function linePath(points: readonly Point[], x: Place, y: Place, steps = false): string {
  let isDown = false;
  return points
    .map(({ at, value }) => {
      if (!Number.isFinite(value)) {
        isDown = false;
        return "";
      }
      const [left, top] = [place(x(at)), place(y(value))];
      // A point alone is a line to itself: round ends make a dot of it.
      if (isDown) return steps ? `H${left}V${top}` : `L${left} ${top}`;
      isDown = true;
      return `M${left} ${top}h0`;
    })
    .join("");
}

const place = (pixels: number) => Math.round(pixels * 10) / 10;
