import { baselineMetrics } from "../../baseline/wanted.ts";
import { pointer } from "../../kit/problem.ts";
import { thresholdOf } from "../../metric/judge.ts";
import { objectiveOf } from "../../metric/relative.ts";
import { isReadByPerson, type Metric } from "../../metric/schema.ts";
import { formatThreshold, type Threshold } from "../../metric/threshold.ts";
import { conditionOf } from "../../trigger/decide.ts";
import type { Plan } from "../schema.ts";
import { error, type Rule } from "./rule.ts";

interface Use {
  readonly threshold: Threshold;
  readonly metric: Metric | undefined;
  readonly where: string;
}

/** Every threshold of a plan, with the metric it is about. */
function uses(plan: Plan): Use[] {
  const metrics = plan.metrics.map((metric, index) => ({
    threshold: thresholdOf(metric.threshold),
    metric,
    where: pointer("metrics", index, "threshold"),
  }));
  const conditions = plan.triggers.flatMap((trigger, index): Use[] => {
    const threshold = conditionOf(trigger);
    if (threshold === undefined) return [];
    const metric = plan.metrics.find(({ id }) => id === trigger.metric);
    return [{ threshold, metric, where: pointer("triggers", index, "when") }];
  });
  const checks = plan.steps.flatMap((step, index): Use[] => {
    if (step.kind !== "check" || step.threshold === undefined) return [];
    const metric = plan.metrics.find(({ id }) => id === step.metric);
    return [{ threshold: thresholdOf(step.threshold), metric, where: pointer("steps", index, "threshold") }];
  });
  return [...metrics, ...conditions, ...checks];
}

/** Thresholds that speak of a baseline or an objective that there is none of: they would hold for ever. */
export const missingReference: Rule = (plan) =>
  uses(plan).flatMap(({ threshold, metric, where }) => {
    const { relative } = threshold;
    if (relative === undefined) return [];
    const written = formatThreshold(threshold);
    if (metric === undefined) {
      const message = `"${written}" names no metric, so there is no ${relative.to} to hold it against`;
      return [
        error("relative-unmeasured", {
          pointer: where,
          message,
          fix: "add metric: the id of what is measured",
        }),
      ];
    }
    if (relative.to === "objective") {
      if (objectiveOf(metric) !== undefined) return [];
      const message = `"${written}" speaks of the objective of ${metric.name}, and it has none`;
      const fix = `add to the metric: objective: what it promises, such as "<= 500 ms"`;
      return [error("objective-missing", { pointer: where, message, fix })];
    }
    if (baselineMetrics(plan).some(({ id }) => id === metric.id)) return [];
    const message = `"${written}" speaks of the baseline of ${metric.name}, and none is taken`;
    const fix = isReadByPerson(metric)
      ? "name a source that a machine reads, or write a number"
      : plan.baseline === undefined
        ? "add to the plan: baseline: { over: 30 min }"
        : `add ${metric.id} to baseline.metrics`;
    return [error("baseline-missing", { pointer: where, message, fix })];
  });

/** A baseline of what nobody measures, and an objective that is no number. */
export const unknownReference: Rule = (plan) => {
  const metrics = (plan.baseline?.metrics ?? []).flatMap((id, index) => {
    const metric = plan.metrics.find((one) => one.id === id);
    if (metric !== undefined && !isReadByPerson(metric)) return [];
    const message =
      metric === undefined ? `there is no metric "${id}"` : `only a person reads ${metric.name}`;
    const known = plan.metrics.filter((one) => !isReadByPerson(one)).map((one) => one.id);
    const fix = `write some of ${known.join(", ") || "none: no metric is read by a machine"}`;
    return [error("baseline-metric", { pointer: pointer("baseline", "metrics", index), message, fix })];
  });
  const objectives = plan.metrics.flatMap((metric, index) => {
    if (metric.objective === undefined || objectiveOf(metric) !== undefined) return [];
    const message = `the objective of ${metric.name} is "${metric.objective}", which is no number`;
    const where = pointer("metrics", index, "objective");
    return [
      error("objective-relative", {
        pointer: where,
        message,
        fix: 'write what it promises, such as "<= 500 ms"',
      }),
    ];
  });
  return [...metrics, ...objectives];
};
