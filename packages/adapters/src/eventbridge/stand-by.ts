import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import type { StandBy } from "@gonogo/core/release/ports";
import type { RevertCall } from "@gonogo/core/target/port";
import type { NamedSignal } from "@gonogo/core/trigger/schema";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";
import { nameFor } from "../aws/names.ts";

export interface StandByTarget {
  /** gonogo's own bus, on which signals that came by webhook travel. */
  readonly bus: string;
  readonly functionArn: string;
  readonly deadLetterArn: string;
}

type Calls = readonly RevertCall[];

/**
 * Two rules a release, one on the default bus for CloudWatch alarms and one on our own for signals from
 * elsewhere. Their input carries the exact calls that put the targets back, so that an alarm rolls back with
 * no store at all (S15). https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export class EventBridgeStandBy implements StandBy {
  readonly #client: EventBridgeClient;
  readonly #target: StandByTarget;

  constructor(config: AwsConfig, target: StandByTarget) {
    this.#client = new EventBridgeClient(config);
    this.#target = target;
  }

  async put(release: string, signals: readonly NamedSignal[], calls: Calls): Promise<void> {
    const alarms = signals.filter(({ from }) => from === "cloudwatch").map(({ name }) => name);
    const others = signals.filter(({ from }) => from !== "cloudwatch");
    if (calls.length === 0) return;
    if (alarms.length > 0) {
      const pattern = {
        source: ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        detail: { alarmName: alarms, state: { value: ["ALARM"] } },
      };
      await this.#put("default", release, pattern, { cause: "$.detail.alarmName", at: "$.time" }, calls);
    }
    if (others.length > 0) {
      const pattern = {
        source: ["gonogo"],
        "detail-type": ["SignalArrived"],
        detail: {
          state: ["alarm"],
          ...anyOf(others.map(({ from, name }) => ({ source: [from], name: [name] }))),
        },
      };
      await this.#put(
        this.#target.bus,
        release,
        pattern,
        { cause: "$.detail.name", at: "$.detail.at" },
        calls,
      );
    }
  }

  async remove(release: string): Promise<void> {
    const Name = standByRule(this.#target.bus, release);
    for (const bus of ["default", this.#target.bus]) {
      const rule = { EventBusName: bus };
      try {
        await this.#client.send(new RemoveTargetsCommand({ ...rule, Rule: Name, Ids: [Name] }));
        await this.#client.send(new DeleteRuleCommand({ ...rule, Name }));
      } catch (error) {
        if (awsErrorName(error) !== "ResourceNotFoundException") throw error;
      }
    }
  }

  async #put(
    bus: string,
    release: string,
    pattern: object,
    paths: { cause: string; at: string },
    calls: Calls,
  ): Promise<void> {
    const Name = standByRule(this.#target.bus, release);
    await this.#client.send(
      new PutRuleCommand({
        Name,
        EventBusName: bus,
        EventPattern: JSON.stringify(pattern),
        State: "ENABLED",
        Description: `Puts ${release} back when its store cannot be reached`,
      }),
    );
    const answer = await this.#client.send(
      new PutTargetsCommand({
        Rule: Name,
        EventBusName: bus,
        Targets: [
          {
            Id: Name,
            Arn: this.#target.functionArn,
            InputTransformer: {
              InputPathsMap: paths,
              InputTemplate: template(release, calls),
            },
            DeadLetterConfig: { Arn: this.#target.deadLetterArn },
            RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
          },
        ],
      }),
    );
    if ((answer.FailedEntryCount ?? 0) > 0) {
      throw new Error(`EventBridge did not take the stand-by of ${release}`);
    }
  }
}

/**
 * The name of a release's rules, the same on both buses. That of gonogo's bus holds the stage: two stages in
 * one region may run releases of the same id.
 */
export function standByRule(bus: string, release: string): string {
  return nameFor(`${bus}-standby`, release);
}

/** JSON with two places that EventBridge fills in; in a template they stand without quotes. */
function template(release: string, calls: Calls): string {
  return `{"release":${JSON.stringify(release)},"cause":<cause>,"at":<at>,"calls":${JSON.stringify(calls)}}`;
}

/** `$or` takes two alternatives at the least. */
function anyOf(alternatives: readonly object[]): object {
  return alternatives.length === 1 ? (alternatives[0] ?? {}) : { $or: alternatives };
}
