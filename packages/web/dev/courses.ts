import type { Courses } from "@gonogo/client";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { inUnitOf, thresholdOf } from "@gonogo/core/metric/judge";
import type { Drive } from "@gonogo/core/testing/drive";

const MINUTE = 60_000;

/**
 * What the targets and metrics did over time. The shares are those of the log; the world of the core keeps no
 * past of its metrics, so their course is drawn around what it says now.
 */
export function coursesOf({ plan, log, state, world, now }: Drive): Courses {
  const shares = plan.components.map(({ id }) => {
    const moved = log.flatMap(({ event, at }) => {
      const observed =
        event.type === "ShiftDone" || event.type === "TargetObserved"
          ? event.component === id && event.observed
          : event.type === "RollbackItemDone" && event.item.includes(id) && event.observed;
      return observed ? [{ at, value: observed.share }] : [];
    });
    const first = state.startedAt === undefined ? [] : [{ at: state.startedAt, value: 0 }];
    return { component: id, points: [...first, ...moved] };
  });
  const from = toMillis(state.startedAt ?? now);
  const to = toMillis(state.endedAt ?? now);
  const every = Math.max(MINUTE, Math.round((to - from) / 120));
  const metrics = plan.metrics
    .filter(({ source }) => source.kind !== "person")
    .map((metric, index) => {
      const threshold = thresholdOf(metric.threshold);
      const value = world.values.get(metric.id)?.value;
      const points =
        value === undefined
          ? []
          : Array.from({ length: Math.floor((to - from) / every) }, (_, n) => {
              const wave = 1 + 0.12 * Math.sin(n / 3 + index) + 0.06 * Math.sin(n * 1.7);
              const moved = threshold.op.startsWith(">") ? 100 - (100 - value) * wave : value * wave;
              return {
                at: fromMillis(from + n * every),
                value: inUnitOf(threshold, moved, threshold.unit) ?? moved,
              };
            });
      return {
        metric: metric.id,
        name: metric.name,
        unit: threshold.unit,
        threshold: metric.threshold,
        points,
      };
    });
  return { metrics, shares };
}
