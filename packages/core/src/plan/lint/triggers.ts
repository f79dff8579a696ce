import { isTestName } from "../../integration/schema.ts";
import type { Instant } from "../../kit/instant.ts";
import { type Problem, pointer } from "../../kit/problem.ts";
import { thresholdOf } from "../../metric/judge.ts";
import { resolve } from "../../metric/relative.ts";
import { isReadByPerson, type Metric } from "../../metric/schema.ts";
import { convert, type Threshold } from "../../metric/threshold.ts";
import { isPhase } from "../../step/schema.ts";
import { conditionOf } from "../../trigger/decide.ts";
import type { Trigger } from "../../trigger/schema.ts";
import { findComponent } from "../graph.ts";
import { error, type Rule, warning } from "./rule.ts";

/** Triggers that nothing can fire but a person who looks: nobody measures their metric, and they hear no alarm. */
export const deafTriggers: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    const metric = plan.metrics.find(({ id }) => id === trigger.metric);
    if (trigger.signals.length > 0 || (trigger.metric !== undefined && metric === undefined)) return [];
    const found = {
      pointer: pointer("triggers", index),
      fix: "name an alarm in signals, or a metric that a machine reads; until then a person has to ask for the rollback",
    };
    if (trigger.when === undefined) {
      const message = `only a person can see that "${trigger.says ?? trigger.id}": it is in words, and listens to no alarm`;
      return [warning("trigger-by-person", { ...found, message })];
    }
    if (metric === undefined) {
      const message = `nothing can fire ${trigger.id}: it names no metric and listens to no alarm`;
      return [error("trigger-deaf", { ...found, message })];
    }
    if (!isReadByPerson(metric)) return [];
    const message = `${trigger.id} is about ${metric.name}, which only a person reads, and listens to no alarm`;
    return [warning("trigger-by-person", { ...found, message })];
  });

/** Test alarms reach no release: a trigger that listens to one would never fire. */
export const reservedAlarms: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) =>
    trigger.signals.flatMap(({ name }, n) => {
      if (name === undefined || !isTestName(name)) return [];
      return [
        error("trigger-reserved", {
          pointer: pointer("triggers", index, "signals", n, "name"),
          message: `${name} is the name of test alarms, which reach no release: ${trigger.id} would never fire`,
          fix: "name the alarm that is meant",
        }),
      ];
    }),
  );

/** A trigger on a CloudWatch alarm that no metric stands on is told, never measured. */
export const unknownAlarms: Rule = (plan) => {
  const measured = plan.metrics.flatMap(({ source }) =>
    source.kind === "cloudwatch-alarm" ? [source.alarm] : [],
  );
  if (measured.length === 0) return [];
  return plan.triggers.flatMap((trigger, index) =>
    trigger.signals.flatMap((signal, n) => {
      // What tags stand for is looked up: a tag that no alarm carries keeps the gates closed.
      if (signal.from !== "cloudwatch" || signal.name === undefined) return [];
      if (measured.includes(signal.name)) return [];
      return [
        warning("unknown-alarm", {
          pointer: pointer("triggers", index, "signals", n, "name"),
          message: `no metric stands on the alarm ${signal.name}; if it is not there the release cannot start`,
          fix: `check the name; the metrics know ${measured.join(", ")}`,
        }),
      ];
    }),
  );
};

/** Values that pass a phase and fire a rollback at once. */
export const contradictoryThresholds: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    const metric = plan.metrics.find(({ id }) => id === trigger.metric);
    const condition = conditionOf(trigger);
    if (metric === undefined || condition === undefined) return [];
    const pass = onOneScale(thresholdOf(metric.threshold), metric);
    const fires = onOneScale(condition, metric);
    if (pass === undefined || fires === undefined || pass.to !== fires.to) return [];
    return contradiction(metric, trigger, index, pass.limit, fires.limit);
  });

/**
 * Two limits of a metric that can be compared: numbers, or both relative to one baseline, for which 100 stands
 * here whatever it will be. Undefined for what is on both sides, or counted.
 */
function onOneScale(
  threshold: Threshold,
  metric: Metric,
): { readonly to: "baseline" | "number"; readonly limit: Threshold } | undefined {
  const { relative, of, op } = threshold;
  if (of !== undefined || op === "within" || op === "outside") return undefined;
  if (relative === undefined) return { to: "number", limit: threshold };
  if (relative.to === "baseline" && threshold.unit !== "%" && threshold.unit !== "") return undefined;
  const baseline = { metric: metric.id, value: 100, unit: "", from: EVER, to: EVER };
  const resolved = resolve(threshold, metric, { baseline });
  const [limit] = resolved.ok ? resolved.limits : [];
  return limit === undefined ? undefined : { to: relative.to === "baseline" ? "baseline" : "number", limit };
}

const EVER = "1970-01-01T00:00:00.000Z" as Instant;

function contradiction(
  metric: Metric,
  trigger: Trigger,
  index: number,
  pass: Threshold,
  condition: Threshold,
): Problem[] {
  const where = pointer("triggers", index, "when");
  const limit = convert(condition.value, condition.unit, pass.unit);
  if (limit === undefined) {
    const units = `${pass.unit || "no unit"} and ${condition.unit || "no unit"}`;
    return [
      error("units-differ", {
        pointer: where,
        message: `${metric.name} passes at ${metric.threshold}, and ${trigger.id} fires at ${trigger.when}: ${units} cannot be compared`,
        fix: `write the condition in ${pass.unit || "plain numbers"}`,
      }),
    ];
  }
  if (!contradicts(pass, { ...condition, value: limit })) return [];
  return [
    error("thresholds-contradict", {
      pointer: where,
      message: `a value can pass (${metric.threshold}) and fire ${trigger.id} (${trigger.when}) at the same time`,
      fix:
        thresholdOf(metric.threshold).relative !== undefined
          ? `let it fire where "${metric.threshold}" is left behind, or beyond`
          : `let it fire at ${isUpper(pass) ? ">" : "<"} ${pass.value}${pass.unit === "" ? "" : ` ${pass.unit}`} or beyond`,
    }),
  ];
}

function isUpper(threshold: Threshold): boolean {
  return threshold.op === "<" || threshold.op === "<=";
}

/** Whether some value meets both. Both the same way round always do. */
function contradicts(pass: Threshold, fires: Threshold): boolean {
  if (isUpper(pass) === isUpper(fires)) return true;
  const touches = pass.op.length === 2 && fires.op.length === 2;
  if (pass.value === fires.value) return touches;
  return isUpper(pass) ? fires.value < pass.value : fires.value > pass.value;
}

/** What is done by hand and has no way back in writing. */
export const noWayBack: Rule = (plan) =>
  plan.steps.flatMap((step, index) => {
    if (step.kind === "manual") {
      const takesBack = plan.steps.some((other) => other.kind === "manual" && other.undoneBy === step.id);
      if (step.undo !== undefined || step.undoneBy !== undefined || takesBack) return [];
      // The plan says so itself, and the preview shows it.
      if (step.oneWay !== undefined) return [];
      // Only what changes something needs undoing; these look at it.
      if (
        /^(?:check|confirm|verify|validate|review|observe|monitor|watch|announce|notify|tell)\b/i.test(
          step.do,
        )
      )
        return [];
      return [
        warning("no-undo", {
          pointer: pointer("steps", index),
          message: `"${step.do}" has no undo; a rollback leaves it as it is`,
          fix: "add undo: what a person does to take it back (or that nothing has to be done)",
        }),
      ];
    }
    if (!isPhase(step) || findComponent(plan, step.component)?.target.kind !== "manual") return [];
    if (plan.rollback.some(({ component }) => component === step.component)) return [];
    return [
      warning("no-rollback", {
        pointer: pointer("steps", index, "component"),
        message: `a person shifts ${step.component}, and nothing says how it is put back`,
        fix: `add to rollback: component: ${step.component}, command: what to do`,
      }),
    ];
  });
