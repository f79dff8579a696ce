import type { Kernel } from "../kernel/kernel.ts";
import { type Input, objects, optionalOneOf, optionalText, refuseOthers, text } from "./checks.ts";
import { dimensionList, type Metric, metricKey } from "./metric.ts";
import { page } from "./paging.ts";
import { KEPT, type MetricStore } from "./store.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
export function listMetrics(kernel: Kernel, store: MetricStore, input: Input) {
  refuseOthers("ListMetrics", input, "Namespace MetricName Dimensions NextToken RecentlyActive");
  const namespace = optionalText(input, "Namespace");
  const name = optionalText(input, "MetricName");
  const filters = objects(input, "Dimensions").map((each) => {
    refuseOthers("Dimensions", each, "Name Value");
    return { name: text(each, "Name"), value: optionalText(each, "Value") };
  });
  const recent = optionalOneOf(input, "RecentlyActive", ["PT3H"] as const);
  const since = kernel.clock.now() - (recent === undefined ? KEPT : 3 * 3_600_000);
  const wanted = (metric: Metric) =>
    (namespace === undefined || metric.namespace === namespace) &&
    (name === undefined || metric.name === name) &&
    filters.every(({ name, value }) => {
      const found = metric.dimensions[name];
      return found !== undefined && (value === undefined || found === value);
    });
  const { items, ...rest } = page(store.metrics(since).filter(wanted), metricKey, {
    limit: 500,
    token: optionalText(input, "NextToken", 100_000),
  });
  return {
    Metrics: items.map((metric) => ({
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: dimensionList(metric.dimensions),
    })),
    ...rest,
  };
}
