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

/** The path of a line in a box of 100 by 100, y downwards. `steps` holds each value until the next. */
export function pathOf(
  points: readonly Point[],
  time: { readonly from: number; readonly to: number },
  domain: Domain,
  steps = false,
): string {
  const length = time.to - time.from || 1;
  const height = domain.high - domain.low || 1;
  const x = (at: number) => round(Math.min(100, Math.max(0, ((at - time.from) / length) * 100)));
  const y = (value: number) => round(100 - ((value - domain.low) / height) * 100);
  const parts: string[] = [];
  let before: number | undefined;
  for (const { at, value } of points) {
    if (!Number.isFinite(value)) {
      before = undefined;
      continue;
    }
    if (before === undefined) parts.push(`M${x(at)} ${y(value)}`);
    else parts.push(steps ? `H${x(at)}V${y(value)}` : `L${x(at)} ${y(value)}`);
    before = value;
  }
  if (steps && before !== undefined) parts.push("H100");
  return parts.join("");
}

/** Where a value lies in a box of 100, from its top. */
export function height(value: number, { low, high }: Domain): number {
  return round(100 - ((value - low) / (high - low || 1)) * 100);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
