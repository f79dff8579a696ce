import type { Point } from "../chart/scale.ts";
import type { Axis } from "./axis.ts";

/** The outline of a share over time on a timeline's axis, in a box of 100 by 100, filled down to nothing. */
export function shareArea(points: readonly Point[], axis: Axis, until: number): string {
  const [first] = points;
  if (first === undefined) return "";
  const round = (value: number) => Math.round(value * 100) / 100;
  const place = (at: number) => round(axis.place(Math.min(at, until)));
  const parts = [`M${place(first.at)} 100`];
  for (const { at, value } of points) parts.push(`H${place(at)}V${round(100 - value)}`);
  parts.push(`H${place(until)}V100Z`);
  return parts.join("");
}
