import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Machines, RollbackInput } from "@gonogo/core/release/ports";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";

export interface MachineArns {
  readonly rollout: string;
  readonly rollback: string;
}

/** Executions that died are started anew this often; then a person has to look. */
const MOST_STARTS = 20;

/**
 * The state machines on Step Functions. An execution's name is made of what it is for, so that asking twice
 * starts it once. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export class StepFunctionsMachines implements Machines {
  readonly #client: SFNClient;
  readonly #arns: MachineArns;

  constructor(config: AwsConfig, arns: MachineArns) {
    this.#client = new SFNClient(config);
    this.#arns = arns;
  }

  async startRollout(release: string): Promise<void> {
    await this.#start(this.#arns.rollout, release, { release });
  }

  async startRollback(input: RollbackInput): Promise<void> {
    // Begun without the store there is no number to count by: the cause's moment tells two of them apart.
    const suffix = input.alone ? `alone-${input.at.replace(/[^0-9]/g, "")}` : `rollback-${input.n}`;
    await this.#start(this.#arns.rollback, `${input.release}-${suffix}`, input);
  }

  async wake(token: string): Promise<boolean> {
    try {
      await this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: "{}" }));
      return true;
    } catch (error) {
      const name = awsErrorName(error);
      if (name === "TaskTimedOut" || name === "TaskDoesNotExist" || name === "InvalidToken") return false;
      throw error;
    }
  }

  /** Starts `name`; where that has run and died, `name.2`, and so on. What succeeded is not started again. */
  async #start(machine: string, name: string, input: object): Promise<void> {
    for (let attempt = 1; attempt <= MOST_STARTS; attempt++) {
      const full = attempt === 1 ? name : `${name}.${attempt}`;
      try {
        await this.#client.send(
          new StartExecutionCommand({ stateMachineArn: machine, name: full, input: JSON.stringify(input) }),
        );
        return;
      } catch (error) {
        if (awsErrorName(error) !== "ExecutionAlreadyExists") throw error;
        const status = await this.#statusOf(executionArn(machine, full));
        if (status === "RUNNING" || status === "SUCCEEDED") return;
      }
    }
    throw new Error(`${name} has died ${MOST_STARTS} times; look at its executions in Step Functions`);
  }

  async #statusOf(executionArn: string): Promise<string | undefined> {
    return (await this.#client.send(new DescribeExecutionCommand({ executionArn }))).status;
  }
}

/** `…:stateMachine:name` and an execution's name make `…:execution:name:execution`. */
function executionArn(machine: string, name: string): string {
  return `${machine.replace(":stateMachine:", ":execution:")}:${name}`;
}
