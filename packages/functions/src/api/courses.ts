import type { Course, Courses } from "@gonogo/client/contract";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { minutes } from "@gonogo/core/kit/duration";
import { type Instant, minus } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import { type Reading, thresholdOf } from "@gonogo/core/metric/judge";
import { resolve, unitOf } from "@gonogo/core/metric/relative";
import { isReadByPerson, type Metric } from "@gonogo/core/metric/schema";
import { formatThreshold } from "@gonogo/core/metric/threshold";
import type { Loaded } from "@gonogo/core/release/ports";
import type { Serving } from "./context.ts";

/** Points in one line: more than a screen has room for is of no use. */
const POINTS = 240;

/** The course of a release's metrics and shares. A source that cannot be read gives an empty line. */
export async function coursesOf(
  runtime: Serving,
  { plan, state }: Loaded,
  records: readonly AuditRecord[],
): Promise<Courses> {
  const to = state.endedAt ?? runtime.clock.now();
  const from = minus(state.startedAt ?? state.submittedAt, minutes(10));
  const metrics = await Promise.all(
    plan.metrics
      .filter((metric) => !isReadByPerson(metric))
      .map(async (metric): Promise<Course> => {
        const { id, name, component } = metric;
        const known = component === undefined ? undefined : state.components[component];
        const request = { plan, metric, from, to, ...(known === undefined ? {} : { component: known }) };
        const threshold = limitOf(metric, state.baseline?.readings[id]);
        const base = { metric: id, name, threshold, unit: unitOf(metric) };
        try {
          return { ...base, points: await runtime.metrics.course(request, POINTS) };
        } catch (error) {
          runtime.log.warn("a metric's course could not be read", { metric: id, error: messageOf(error) });
          return { ...base, points: [] };
        }
      }),
  );
  return {
    metrics,
    shares: sharesOf(
      plan.components.map(({ id }) => id),
      records,
    ),
  };
}

/** The threshold as a number that a line can be drawn at, where it is one or can be worked out. */
function limitOf(metric: Metric, baseline: Reading | undefined): string {
  const threshold = thresholdOf(metric.threshold);
  if (threshold.relative === undefined) return metric.threshold;
  const resolved = resolve(threshold, metric, { baseline });
  const [limit, ...others] = resolved.ok ? resolved.limits : [];
  return limit === undefined || others.length > 0 ? `not yet: ${metric.threshold}` : formatThreshold(limit);
}

/** The share of each component over time, out of the log itself. */
function sharesOf(components: readonly string[], records: readonly AuditRecord[]): Courses["shares"] {
  return components.map((component) => {
    const points = records.flatMap(({ at, event }) => {
      const value = shareIn(event, component);
      return value === undefined ? [] : [{ at: at as Instant, value }];
    });
    return { component, points };
  });
}

function shareIn(event: AuditRecord["event"], component: string): number | undefined {
  switch (event.type) {
    case "ReleaseStarted":
      return event.components.find((one) => one.component === component)?.observed.share;
    case "ShiftDone":
    case "TargetObserved":
    case "TargetHeld":
    case "TargetFreed":
      return event.component === component ? event.observed.share : undefined;
    case "RollbackItemDone":
      return event.item === component ? event.observed?.share : undefined;
    default:
      return undefined;
  }
}
