import { type Input, objects, optionalText, refuseOthers, text } from "./checks.ts";
import { invalidValue } from "./errors.ts";

/** A metric: a namespace, a name and its dimensions, all of which count. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The same for the same metric, in whatever order its dimensions were given. */
export function metricKey(metric: Metric): string {
  const dimensions = Object.entries(metric.dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([metric.namespace, metric.name, dimensions]);
}

export function parseDimensions(input: Input): Record<string, string> {
  const dimensions: Record<string, string> = {};
  const given = objects(input, "Dimensions");
  if (given.length > 30) throw invalidValue("Dimensions must have at most 30 members.");
  for (const each of given) {
    refuseOthers("Dimensions", each, "Name Value");
    dimensions[text(each, "Name", 255)] = text(each, "Value", 1024);
  }
  return dimensions;
}

export function parseMetric(input: Input): Metric {
  return {
    namespace: text(input, "Namespace", 255),
    name: text(input, "MetricName", 255),
    dimensions: parseDimensions(input),
  };
}

export function dimensionList(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

export function optionalUnit(input: Input): string | undefined {
  const unit = optionalText(input, "Unit");
  if (unit === undefined || UNITS.has(unit)) return unit;
  throw invalidValue(`The value ${unit} for parameter Unit is invalid (allowed: ${[...UNITS].join(", ")}).`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
const SIZES = ["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"];
const BITS = ["Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"];
const UNITS = new Set([
  ...["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "None", "Count/Second"],
  ...[...SIZES, ...BITS].flatMap((size) => [size, `${size}/Second`]),
]);
