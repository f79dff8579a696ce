import { ACCOUNT, arn, REGION } from "../kernel/arn.ts";
import type { OutboxItem } from "../kernel/outbox.ts";

/** An event as targets receive it. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** Whole seconds, UTC. */
  readonly time: string;
  readonly region: string;
  readonly "replay-name"?: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface BusRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface TargetRecord {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  readonly DeadLetterConfig?: { readonly Arn: string };
  readonly RetryPolicy?: {
    readonly MaximumEventAgeInSeconds?: number;
    readonly MaximumRetryAttempts?: number;
  };
}

export interface RuleRecord {
  readonly name: string;
  readonly busName: string;
  readonly arn: string;
  readonly state: "ENABLED" | "DISABLED";
  readonly pattern?: string;
  readonly schedule?: string;
  /** The next firing of the schedule. */
  readonly nextAt?: number;
  /** Where a rate counts from. */
  readonly anchor: number;
  readonly description?: string;
  readonly roleArn?: string;
  readonly targets: readonly TargetRecord[];
}

/** One event on its way to one target. */
export interface Delivery extends OutboxItem {
  readonly event: BusEvent;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: TargetRecord;
  readonly ingestedAt: number;
  /** Buses that the event went through before this one. */
  readonly hops: number;
}

export const DEFAULT_BUS = "default";

export const busArn = (name: string): string => arn("events", `event-bus/${name}`);

export const ruleKey = (busName: string, name: string): string => `${busName}/${name}`;

/** Rules of the default bus go without its name. */
export function ruleArn(busName: string, name: string): string {
  return arn("events", `rule/${busName === DEFAULT_BUS ? name : `${busName}/${name}`}`);
}

/** A bus may be named by its name or its ARN. */
export function busNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? (nameOrArn.split(":event-bus/")[1] ?? nameOrArn) : nameOrArn;
}

export function busEvent(
  id: string,
  at: number,
  content: { source: string; detailType: string; resources: readonly string[]; detail: unknown },
): BusEvent {
  return {
    version: "0",
    id,
    "detail-type": content.detailType,
    source: content.source,
    account: ACCOUNT,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: content.resources,
    detail: content.detail,
  };
}
