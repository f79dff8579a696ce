/** Maps moments (milliseconds) to places on a line, in percent of its width. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Moments outside are put on the nearer end. */
  place(moment: number): number;
}

/**
 * `true`: the same width for the same time. `folded`: long stretches in which nothing begins or ends are drawn
 * shorter (by the square root of their length), so that the first hour of a thirty-hour release can be read.
 */
export function makeAxis(moments: readonly number[], scale: "true" | "folded"): Axis {
  const knots = [...new Set(moments)].sort((a, b) => a - b);
  const from = knots[0] ?? 0;
  const to = knots.at(-1) ?? from;
  const widths = knots.slice(1).map((knot, index) => {
    const gap = knot - (knots[index] ?? knot);
    return scale === "true" ? gap : Math.sqrt(gap);
  });
  const total = widths.reduce((sum, width) => sum + width, 0);
  return {
    from,
    to,
    place(moment) {
      if (total === 0 || moment <= from) return 0;
      if (moment >= to) return 100;
      let before = 0;
      for (const [index, width] of widths.entries()) {
        const left = knots[index] ?? from;
        const right = knots[index + 1] ?? to;
        if (moment <= right) return ((before + (width * (moment - left)) / (right - left)) / total) * 100;
        before += width;
      }
      return 100;
    },
  };
}

/** Those of the moments that can have a label without touching another's. `first` is labelled before all. */
export function ticksOf(
  axis: Axis,
  moments: readonly number[],
  first: number,
  apart: number,
): { readonly at: number; readonly percent: number }[] {
  const chosen: { at: number; percent: number }[] = [];
  const within = [first, axis.from, axis.to, ...moments].filter((at) => at >= axis.from && at <= axis.to);
  for (const at of within) {
    const percent = axis.place(at);
    if (chosen.every((other) => Math.abs(other.percent - percent) >= apart)) chosen.push({ at, percent });
  }
  return chosen.sort((a, b) => a.at - b.at);
}
