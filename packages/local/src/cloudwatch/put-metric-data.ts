import type { Kernel } from "../kernel/kernel.ts";
import { type Aggregate, addStatistics, addValue, type StatisticSet } from "./aggregate.ts";
import {
  type Input,
  objects,
  optionalNumber,
  optionalTime,
  refuseOthers,
  structure,
  text,
} from "./checks.ts";
import { invalidCombination, invalidValue, missing } from "./errors.ts";
import { type Metric, optionalUnit, parseDimensions } from "./metric.ts";
import { KEPT, type MetricStore } from "./store.ts";

interface ParsedDatum {
  readonly metric: Metric;
  readonly unit: string;
  readonly at: number;
  readonly fine: boolean;
  readonly add: (to: Aggregate) => void;
}

const AHEAD = 2 * 3_600_000;
const LARGEST = 2 ** 360;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export function putMetricData(kernel: Kernel, store: MetricStore, input: Input): void {
  refuseOthers("PutMetricData", input, "Namespace MetricData");
  const namespace = text(input, "Namespace", 255);
  if (namespace.startsWith("AWS/")) {
    throw invalidValue(
      `The value ${namespace} for parameter Namespace is invalid: AWS/ is for the services' own metrics.`,
    );
  }
  const data = objects(input, "MetricData");
  if (data.length === 0) throw missing("MetricData");
  if (data.length > 1000) throw invalidValue("The collection MetricData must not have more than 1000 items.");
  // All is looked at before anything is taken.
  const parsed = data.map((datum) => parseDatum(namespace, datum, kernel.clock.now()));
  for (const { metric, unit, at, fine, add } of parsed) store.put(metric, unit, at, fine, add);
  store.flush();
}

function parseDatum(namespace: string, datum: Input, now: number): ParsedDatum {
  refuseOthers(
    "MetricData",
    datum,
    "MetricName Dimensions Timestamp Value Values Counts StatisticValues Unit StorageResolution",
  );
  const resolution = optionalNumber(datum, "StorageResolution") ?? 60;
  if (resolution !== 1 && resolution !== 60) {
    throw invalidValue(
      `The value ${resolution} for parameter StorageResolution is invalid: it must be 1 or 60.`,
    );
  }
  return {
    metric: { namespace, name: text(datum, "MetricName", 255), dimensions: parseDimensions(datum) },
    unit: optionalUnit(datum) ?? "None",
    at: checkTime(optionalTime(datum, "Timestamp") ?? now, now),
    fine: resolution === 1,
    add: parseValues(datum),
  };
}

function checkTime(at: number, now: number): number {
  if (at > now + AHEAD) {
    throw invalidValue("The parameter Timestamp must not be more than two hours in the future.");
  }
  if (at < now - KEPT) {
    throw invalidValue(
      "The parameter Timestamp is too old: the embedded engine keeps metrics for three days.",
    );
  }
  return at;
}

function parseValues(datum: Input): (to: Aggregate) => void {
  const value = optionalNumber(datum, "Value");
  const set = structure(datum, "StatisticValues");
  const values = datum.Values;
  const given = [value, set, values].filter((each) => each !== undefined && each !== null);
  if (given.length > 1) {
    throw invalidCombination("The parameters Value, Values and StatisticValues are mutually exclusive.");
  }
  if (value !== undefined) {
    checkValue(value);
    return (to) => addValue(to, value, 1);
  }
  if (set !== undefined) {
    const statistics = parseSet(set);
    return (to) => addStatistics(to, statistics);
  }
  if (!Array.isArray(values)) throw missing("MetricData.member.Value");
  const counted = parseCounted(values, datum.Counts);
  return (to) => {
    for (const [each, count] of counted) addValue(to, each, count);
  };
}

function parseCounted(values: readonly unknown[], counts: unknown): [number, number][] {
  if (values.length > 150) throw invalidValue("The collection Values must not have more than 150 items.");
  const times = counts ?? values.map(() => 1);
  if (!Array.isArray(times) || times.length !== values.length) {
    throw invalidValue("The parameters Values and Counts must have the same number of items.");
  }
  return values.map((value, index) => {
    const count: unknown = times[index];
    if (typeof count !== "number" || !(count > 0)) throw invalidValue("Counts must be numbers above 0.");
    return [checkValue(value), count];
  });
}

function parseSet(set: Input): StatisticSet {
  refuseOthers("StatisticValues", set, "SampleCount Sum Minimum Maximum");
  const member = (name: string) => {
    const value = optionalNumber(set, name);
    if (value === undefined) throw missing(`StatisticValues.${name}`);
    return checkValue(value);
  };
  const parsed = {
    count: member("SampleCount"),
    sum: member("Sum"),
    minimum: member("Minimum"),
    maximum: member("Maximum"),
  };
  if (parsed.count <= 0) throw invalidValue("StatisticValues.SampleCount must be above 0.");
  if (parsed.minimum > parsed.maximum) {
    throw invalidCombination("StatisticValues.Minimum must not be above StatisticValues.Maximum.");
  }
  return parsed;
}

function checkValue(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= LARGEST) return value;
  throw invalidValue(
    `The value ${String(value)} for parameter Value is invalid: it must be a number from -2^360 to 2^360.`,
  );
}
