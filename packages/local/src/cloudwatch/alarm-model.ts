import type { MetricQuery, Query } from "./queries.ts";

export const STATES = ["INSUFFICIENT_DATA", "ALARM", "OK"] as const;
export type StateValue = (typeof STATES)[number];

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData?: string;
  readonly updatedAt: number;
  /** When `value` last became another. */
  readonly transitionedAt: number;
}

export type Comparison = keyof typeof COMPARISONS;

/** How a reason words each comparison. */
export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
} as const;

export const TREATMENTS = ["missing", "notBreaching", "breaching", "ignore"] as const;
export type Treatment = (typeof TREATMENTS)[number];

/** What a metric alarm watches: one metric, or what an expression over several returns. */
export type Source =
  | (Omit<MetricQuery, "label" | "returned"> & {
      /** Whether it was given as ExtendedStatistic. */
      readonly extended: boolean;
    })
  | { readonly kind: "math"; readonly queries: readonly Query[]; readonly period: number };

export interface MetricDefinition {
  readonly kind: "metric";
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly source: Source;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  /** Undefined where nobody has said, which is as `missing`. */
  readonly treatment?: Treatment;
}

export interface CompositeDefinition {
  readonly kind: "composite";
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly rule: string;
}

export type Definition = MetricDefinition | CompositeDefinition;

export interface AlarmRecord {
  readonly name: string;
  readonly arn: string;
  readonly definition: Definition;
  readonly configuredAt: number;
  readonly state: AlarmState;
}
