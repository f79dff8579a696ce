import type { OutboxItem } from "../kernel/outbox.ts";

export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
  readonly RetryPolicy: { readonly MaximumEventAgeInSeconds: number; readonly MaximumRetryAttempts: number };
}

/** What a caller says of a schedule: all that UpdateSchedule replaces. Times in milliseconds. */
export interface ScheduleDefinition {
  readonly expression: string;
  readonly zone: string;
  readonly startDate?: number;
  readonly endDate?: number;
  readonly description?: string;
  readonly state: "ENABLED" | "DISABLED";
  /** 0 when the flexible time window is OFF. */
  readonly windowMinutes: number;
  readonly afterCompletion: "NONE" | "DELETE";
  readonly target: ScheduleTarget;
}

/** The next firing: when it is scheduled, and when within the flexible window it happens. */
export interface Planned {
  readonly scheduledAt: number;
  readonly fireAt: number;
}

export interface ScheduleRecord {
  /** Made anew with each schedule, so that a late invocation cannot end its namesake. */
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly definition: ScheduleDefinition;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Where a rate without a start date counts from. */
  readonly anchor: number;
  /** Undefined when it is disabled or has nothing left to do. */
  readonly next?: Planned;
}

export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** One firing on its way to the target. */
export interface Invocation extends OutboxItem {
  readonly executionId: string;
  readonly scheduleKey: string;
  readonly scheduleId: string;
  readonly scheduleArn: string;
  readonly scheduledAt: number;
  readonly target: ScheduleTarget;
}

export const scheduleKey = (group: string, name: string): string => `${group}/${name}`;
