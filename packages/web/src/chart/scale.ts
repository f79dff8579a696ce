export interface Point {
  /** Milliseconds. */
  readonly at: number;
  readonly value: number;
}

export interface Domain {
  readonly low: number;
  readonly high: number;
}

/** The values a chart spans: all points and the threshold, with a tenth of air, and zero where it is near. */
export function domainOf(points: readonly Point[], threshold?: number): Domain {
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  if (threshold !== undefined) values.push(threshold);
  if (values.length === 0) return { low: 0, high: 1 };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = (high - low || Math.abs(high) || 1) * 0.15;
  const floor = low >= 0 && low - air <= high * 0.4 ? 0 : low - air;
  return { low: floor, high: high + air };
}

/** The number that a comparison is with, in its own unit: 1 of `< 1 %`. Undefined where there is none. */
export function limitIn(comparison: string): number | undefined {
  const [, number] = /[<>≤≥]=?\s*(-?\d+(?:\.\d+)?)/.exec(comparison) ?? [];
  return number === undefined ? undefined : Number(number);
}
