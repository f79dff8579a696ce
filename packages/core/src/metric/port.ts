import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ComponentState } from "../release/state.ts";
import type { Reading } from "./judge.ts";
import type { Metric } from "./schema.ts";

/** What a reading is asked about. */
export interface ReadingRequest {
  readonly plan: Plan;
  readonly metric: Metric;
  readonly from: Instant;
  readonly to: Instant;
  /** The component the metric speaks of, so that the new version's own requests can be counted. */
  readonly component?: ComponentState;
}

/** One point of a metric's course, for charts. */
export interface Point {
  readonly at: Instant;
  readonly value: number;
}

/** A system that metrics are read from. What it cannot say it leaves out; it never compares or decides. */
export interface MetricReader {
  read(request: ReadingRequest): Promise<Reading>;
  /** The course over a time, at most so many points, in the unit of the metric's threshold. */
  course(request: ReadingRequest, points: number): Promise<readonly Point[]>;
}
