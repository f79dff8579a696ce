import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { type Instant, parseInstant } from "@gonogo/core/kit/instant";
import type { Timers } from "@gonogo/core/release/ports";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";
import { nameFor } from "../aws/names.ts";

export interface TimerTarget {
  readonly group: string;
  /** The function that is invoked with `{ release }`. */
  readonly functionArn: string;
  readonly roleArn: string;
  readonly deadLetterArn: string;
}

/**
 * One schedule a release, that fires once and is deleted by it; each visit sets the next.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export class SchedulerTimers implements Timers {
  readonly #client: SchedulerClient;
  readonly #target: TimerTarget;

  constructor(config: AwsConfig, target: TimerTarget) {
    this.#client = new SchedulerClient(config);
    this.#target = target;
  }

  async set(release: string, at: Instant): Promise<void> {
    const schedule = this.#schedule(release, at);
    try {
      await this.#client.send(new UpdateScheduleCommand(schedule));
    } catch (error) {
      if (awsErrorName(error) !== "ResourceNotFoundException") throw error;
      await this.#create(schedule);
    }
  }

  async armed(release: string): Promise<Instant | undefined> {
    try {
      const schedule = await this.#client.send(
        new GetScheduleCommand({ Name: nameFor("release", release), GroupName: this.#target.group }),
      );
      const at = /^at\((.+)\)$/.exec(schedule.ScheduleExpression ?? "")?.[1];
      return at === undefined ? undefined : parseInstant(`${at}Z`);
    } catch (error) {
      if (awsErrorName(error) === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }

  async clear(release: string): Promise<void> {
    try {
      await this.#client.send(
        new DeleteScheduleCommand({ Name: nameFor("release", release), GroupName: this.#target.group }),
      );
    } catch (error) {
      if (awsErrorName(error) !== "ResourceNotFoundException") throw error;
    }
  }

  async #create(schedule: ConstructorParameters<typeof CreateScheduleCommand>[0]): Promise<void> {
    try {
      await this.#client.send(new CreateScheduleCommand(schedule));
    } catch (error) {
      // Two visits at once: the other one's time stands, and is as good.
      if (awsErrorName(error) !== "ConflictException") throw error;
    }
  }

  #schedule(release: string, at: Instant) {
    // Schedules know whole seconds; one early would find nothing due and have to come again.
    const seconds = new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString().slice(0, 19);
    return {
      Name: nameFor("release", release),
      GroupName: this.#target.group,
      ScheduleExpression: `at(${seconds})`,
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" as const },
      ActionAfterCompletion: "DELETE" as const,
      Target: {
        Arn: this.#target.functionArn,
        RoleArn: this.#target.roleArn,
        Input: JSON.stringify({ release }),
        DeadLetterConfig: { Arn: this.#target.deadLetterArn },
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
      },
    };
  }
}
