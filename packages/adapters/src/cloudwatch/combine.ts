/** A minute's value, and how many events it stands on. */
export interface Part {
  readonly at: number;
  readonly value: number;
  readonly count?: number;
}

/**
 * One value for a whole watch out of its minutes. Exact for sums, extremes, averages and rates; a percentile
 * of minutes' percentiles, weighted by their counts, is near it and is what CloudWatch can give without
 * asking for each window's own period.
 */
export function combine(
  parts: readonly Part[],
  statistic: "sum" | "minimum" | "maximum" | "mean",
): { value?: number; count?: number } {
  const counted = parts.filter((part) => part.count !== undefined);
  const count =
    counted.length === 0 ? {} : { count: counted.reduce((sum, part) => sum + (part.count ?? 0), 0) };
  if (parts.length === 0) return count;
  const values = parts.map(({ value }) => value);
  switch (statistic) {
    case "sum":
      return { value: values.reduce((sum, value) => sum + value, 0), ...count };
    case "minimum":
      return { value: Math.min(...values), ...count };
    case "maximum":
      return { value: Math.max(...values), ...count };
    case "mean": {
      const weights = parts.map((part) => part.count ?? (counted.length === 0 ? 1 : 0));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      if (total === 0) return count;
      const sum = values.reduce((acc, value, index) => acc + value * (weights[index] ?? 0), 0);
      return { value: sum / total, ...count };
    }
  }
}

/** How a CloudWatch statistic's minutes are put together. */
export function combinesAs(statistic: string | undefined): "sum" | "minimum" | "maximum" | "mean" {
  switch (statistic) {
    case "Sum":
    case "SampleCount":
      return "sum";
    case "Minimum":
      return "minimum";
    case "Maximum":
      return "maximum";
    default:
      return "mean";
  }
}
