import type { Instant } from "../../kit/instant.ts";
import type { PlanInput } from "../../plan/schema.ts";
import type { Findings } from "../findings.ts";
import type { Components } from "../infer/components.ts";
import type { Collected } from "./collect.ts";
import type { Roles } from "./roles.ts";

/** What the readers of the tables share. */
export interface Context {
  readonly collected: Collected;
  readonly findings: Findings;
  readonly roles: Roles;
  readonly components: Components;
  /** T, where the documents or the caller say when it is. */
  readonly start: Instant | undefined;
}

type ListOf<K extends keyof PlanInput> = NonNullable<PlanInput[K]> extends (infer T)[] ? T : never;

export type CheckInput = ListOf<"checklist">;
export type EnvironmentInput = ListOf<"environments">;
export type MetricInput = ListOf<"metrics">;
export type StepInput = ListOf<"steps">;
export type PhaseInput = Extract<StepInput, { kind: "phase" }>;
export type TriggerInput = ListOf<"triggers">;
export type RollbackInput = ListOf<"rollback">;
export type ValidationInput = ListOf<"validations">;
export type MessageInput = ListOf<"messages">;
export type ChannelInput = ListOf<"channels">;

/** The object without the fields that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
