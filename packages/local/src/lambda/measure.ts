import type { MetricSink } from "../kernel/ports.ts";
import type { Route } from "./resolve.ts";

/**
 * Measures of one or more invocations of a function, as the AWS/Lambda namespace has them:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export interface Measured {
  readonly route: Route;
  readonly failed: boolean;
  readonly durationMs: number;
}

export function measure(metrics: MetricSink, measured: Measured): void {
  const { route, failed, durationMs } = measured;
  for (const dimensions of dimensionsOf(route)) {
    count(metrics, "Invocations", dimensions, 1);
    count(metrics, "Errors", dimensions, failed ? 1 : 0);
    count(metrics, "Throttles", dimensions, 0);
    metrics.put("AWS/Lambda", "Duration", dimensions, {
      values: [{ value: durationMs, count: 1 }],
      unit: "Milliseconds",
    });
  }
}

/** Whether a function ran and whether it failed, and nothing else: at a quarter of the cost. */
export function measureCounts(metrics: MetricSink, { route, failed }: Omit<Measured, "durationMs">): void {
  const dimensions = { FunctionName: route.name };
  count(metrics, "Invocations", dimensions, 1);
  if (failed) count(metrics, "Errors", dimensions, 1);
}

/** A throttled request is neither an invocation nor an error. */
export function measureThrottle(metrics: MetricSink, route: Route): void {
  for (const dimensions of dimensionsOf(route)) count(metrics, "Throttles", dimensions, 1);
}

/**
 * By function; by `function:qualifier`; and, where an alias is split, by the version that answered. (AWS also
 * adds up the whole account, without dimensions. The engine does not.)
 */
function dimensionsOf(route: Route): Record<string, string>[] {
  const { name: FunctionName, qualifier, version } = route;
  const Resource = qualifier === undefined ? FunctionName : `${FunctionName}:${qualifier}`;
  const all: Record<string, string>[] = [{ FunctionName }, { FunctionName, Resource }];
  if (route.split) all.push({ FunctionName, Resource, ExecutedVersion: version });
  return all;
}

function count(metrics: MetricSink, name: string, dimensions: Record<string, string>, value: number): void {
  metrics.put("AWS/Lambda", name, dimensions, { values: [{ value, count: 1 }], unit: "Count" });
}
