import type { Comparison, StateValue, Treatment } from "./alarm-model.ts";

/** One period of an alarm's evaluation range. */
export interface Slot {
  /** Its beginning. */
  readonly at: number;
  /** Undefined when missing. */
  readonly value: number | undefined;
}

export interface Rule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatment: Treatment;
}

export interface Evaluation {
  /** `retained`: the alarm stays as it is. */
  readonly outcome: StateValue | "retained";
  /** The data points that counted, newest first. */
  readonly counted: readonly Point[];
  /** How many missing ones were made up for by the treatment. */
  readonly filled: number;
}

export interface Point {
  readonly at: number;
  readonly value: number;
  readonly breaching: boolean;
}

/**
 * CloudWatch looks at more periods than an alarm has, in case some are missing. It does not say how many
 * more; in its examples they are two: three evaluation periods, five in the range.
 */
export function rangeLength(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

/**
 * M out of N, with missing data, as documented under "Configuring how CloudWatch alarms treat missing data"
 * and "Avoiding premature transitions to alarm state":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * Real data points of the range go before made-up ones, however old. `slots` is the whole range, newest first.
 */
export function evaluateSlots(slots: readonly Slot[], rule: Rule): Evaluation {
  const points = slots.flatMap(({ at, value }, age) =>
    value === undefined ? [] : [{ at, value, age, breaching: isBreaching(value, rule) }],
  );
  const counted = points.slice(0, rule.evaluationPeriods);
  const breaches = counted.filter(({ breaching }) => breaching).length;
  const filled = rule.evaluationPeriods - counted.length;
  return { outcome: outcome(), counted, filled };

  function outcome(): Evaluation["outcome"] {
    if (filled > 0 && rule.treatment === "breaching") return byCount(breaches + filled);
    if (filled === 0 || rule.treatment === "notBreaching" || breaches >= rule.datapointsToAlarm) {
      return byCount(breaches);
    }
    const unsaid = rule.treatment === "ignore" ? "retained" : "INSUFFICIENT_DATA";
    const oldest = points.at(-1);
    if (oldest === undefined) return unsaid;
    if (breaches < counted.length) return "OK";
    // Only breaches, and too few of them: the oldest decides once it is as old as there must be breaches.
    if (rule.treatment === "missing" && oldest.age + 1 >= rule.datapointsToAlarm) return "ALARM";
    return unsaid;
  }

  function byCount(count: number): StateValue {
    return count >= rule.datapointsToAlarm ? "ALARM" : "OK";
  }
}

function isBreaching(value: number, { threshold, comparison }: Rule): boolean {
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
  }
}
