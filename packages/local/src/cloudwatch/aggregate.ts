/**
 * What was measured in a stretch of time: the four sums that statistics need, and how often each value was
 * seen. Up to 100 different values are kept as they are; beyond that values are rounded to a grid on which
 * each step is one per cent, so a percentile is exact or off by half a per cent at most, and a stretch with
 * ten million requests in it costs a few kilobytes.
 */
export interface Aggregate {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value, or point of the grid, was seen. */
  values: Map<number, number>;
  /** Whether `values` is on the grid. */
  coarse: boolean;
  /** Holds a statistic set, whose values nobody knows: no percentile can be told. */
  opaque: boolean;
}

const MOST_EXACT = 100;
const STEP = Math.log(1.01);

export function emptyAggregate(): Aggregate {
  return {
    count: 0,
    sum: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
    values: new Map(),
    coarse: false,
    opaque: false,
  };
}

/** Adds a value that was seen `times` times. */
export function addValue(to: Aggregate, value: number, times: number): void {
  to.count += times;
  to.sum += value * times;
  to.minimum = Math.min(to.minimum, value);
  to.maximum = Math.max(to.maximum, value);
  note(to, value, times);
}

export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Adds sums that were made elsewhere. Percentiles can be told of a set only if all its values are the same.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Percentiles
 */
export function addStatistics(to: Aggregate, set: StatisticSet): void {
  to.count += set.count;
  to.sum += set.sum;
  to.minimum = Math.min(to.minimum, set.minimum);
  to.maximum = Math.max(to.maximum, set.maximum);
  if (set.minimum === set.maximum) note(to, set.minimum, set.count);
  else to.opaque = true;
}

export function addAggregate(to: Aggregate, from: Aggregate): void {
  to.count += from.count;
  to.sum += from.sum;
  to.minimum = Math.min(to.minimum, from.minimum);
  to.maximum = Math.max(to.maximum, from.maximum);
  to.opaque ||= from.opaque;
  for (const [value, times] of from.values) note(to, value, times);
}

/**
 * The value below or at which `percent` of all values lie, by nearest rank. Undefined where values are not
 * known.
 */
export function percentile(of: Aggregate, percent: number): number | undefined {
  if (of.opaque || of.count === 0) return undefined;
  const rank = (percent / 100) * of.count;
  let seen = 0;
  for (const value of [...of.values.keys()].sort((a, b) => a - b)) {
    seen += of.values.get(value) ?? 0;
    if (seen >= rank) return Math.min(Math.max(value, of.minimum), of.maximum);
  }
  return of.maximum;
}

function note(to: Aggregate, value: number, times: number): void {
  const kept = to.coarse ? onGrid(value) : value;
  to.values.set(kept, (to.values.get(kept) ?? 0) + times);
  if (to.coarse || to.values.size <= MOST_EXACT) return;
  to.coarse = true;
  const exact = to.values;
  to.values = new Map();
  for (const [each, count] of exact) {
    const point = onGrid(each);
    to.values.set(point, (to.values.get(point) ?? 0) + count);
  }
}

/** The nearest power of 1.01. A point of the grid lies on itself, so that merging twice loses nothing more. */
function onGrid(value: number): number {
  if (value === 0) return 0;
  return Math.sign(value) * Math.exp(Math.round(Math.log(Math.abs(value)) / STEP) * STEP);
}

/** As it is on disk: sums, then values and their counts in turn. */
export interface StoredAggregate {
  readonly s: readonly [count: number, sum: number, minimum: number, maximum: number];
  readonly v: readonly number[];
  readonly coarse?: true;
  readonly opaque?: true;
}

export function toStored(of: Aggregate): StoredAggregate {
  return {
    s: [of.count, of.sum, of.minimum, of.maximum],
    v: [...of.values].flat(),
    ...(of.coarse ? { coarse: true } : {}),
    ...(of.opaque ? { opaque: true } : {}),
  };
}

export function fromStored(stored: StoredAggregate): Aggregate {
  const [count, sum, minimum, maximum] = stored.s;
  const values = new Map<number, number>();
  for (let at = 0; at + 1 < stored.v.length; at += 2) values.set(stored.v[at] ?? 0, stored.v[at + 1] ?? 0);
  const { coarse = false, opaque = false } = stored;
  return { count, sum, minimum, maximum, values, coarse, opaque };
}
