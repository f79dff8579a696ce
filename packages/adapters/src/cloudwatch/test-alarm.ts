import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import type { TestAlarm } from "@gonogo/core/integration/port";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";

/**
 * Rings an alarm by setting its state, which CloudWatch tells as it tells any other change. Only a change is
 * told, so it is well first.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
 */
export class CloudWatchTestAlarm implements TestAlarm {
  readonly #client: CloudWatchClient;
  readonly #name: string;

  constructor(config: AwsConfig, name: string) {
    this.#client = new CloudWatchClient(config);
    this.#name = name;
  }

  async ring(reason: string): Promise<void> {
    await this.#set("OK", "It is about to be tested.");
    await this.#set("ALARM", reason);
  }

  async #set(StateValue: "OK" | "ALARM", StateReason: string): Promise<void> {
    try {
      await this.#client.send(new SetAlarmStateCommand({ AlarmName: this.#name, StateValue, StateReason }));
    } catch (error) {
      if (awsErrorName(error) !== "ResourceNotFound") throw error;
      throw new Error(`there is no alarm ${this.#name} to ring: it is deployed with gonogo's own alarms`);
    }
  }
}
