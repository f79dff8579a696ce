import type { Kernel } from "../kernel/kernel.ts";
import type { EventSink } from "../kernel/ports.ts";
import { AwsError } from "../kernel/wire.ts";
import { DATA_LIMIT } from "./failure.ts";
import { historyEvent, whole } from "./history.ts";
import { type Execution, isOpen, type OpenExecution, type Started } from "./model.ts";
import { checkMachineArn, checkName, executionArn } from "./names.ts";
import { firstPosition } from "./position.ts";
import type { Runner } from "./runner.ts";
import { statusEvent } from "./status-event.ts";
import type { Tables } from "./tables.ts";

export interface StartRequest {
  readonly machineArn: unknown;
  /** One is made up when it is undefined. */
  readonly name?: unknown;
  /** JSON text. */
  readonly input: unknown;
  readonly traceHeader?: string | undefined;
  readonly startedBy?: Started["startedBy"];
}

/** Starts executions. */
export class Starts {
  readonly #kernel: Kernel;
  readonly #tables: Tables;
  readonly #sink: EventSink;
  readonly #runner: Runner;

  constructor(kernel: Kernel, tables: Tables, sink: EventSink, runner: Runner) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#sink = sink;
    this.#runner = runner;
  }

  /**
   * As the API's StartExecution: the same name and input while it runs is the same execution.
   * Throws AwsError: StateMachineDoesNotExist, StateMachineDeleting, InvalidArn, InvalidName,
   * InvalidExecutionInput, ExecutionAlreadyExists.
   */
  start(request: StartRequest): Execution {
    const machineArn = checkMachineArn(request.machineArn);
    const machine = this.#tables.machines.get(machineArn);
    if (machine === undefined) {
      throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${machineArn}'`);
    }
    if (machine.status === "DELETING") {
      throw new AwsError("StateMachineDeleting", `State Machine is Deleting: '${machineArn}'`);
    }
    const name = request.name === undefined ? this.#kernel.random.uuid() : checkName(request.name);
    const input = checkInput(request.input);
    const arn = executionArn(machine.name, name);
    const known = this.#tables.execution(arn);
    if (known !== undefined) return sameOrRefused(known, input, request.startedBy);

    const now = this.#kernel.clock.now();
    const seconds = this.#tables.definition(machine.revision).TimeoutSeconds;
    return this.#kernel.store.transaction(() => {
      const execution: OpenExecution = {
        arn,
        name,
        machineArn,
        machineName: machine.name,
        roleArn: machine.roleArn,
        revision: machine.revision,
        startedAt: now,
        input,
        ...(request.traceHeader === undefined ? {} : { traceHeader: request.traceHeader }),
        listKey: this.#tables.nextListKey(machineArn),
        ...(request.startedBy === undefined ? {} : { startedBy: request.startedBy }),
        position: firstPosition(seconds === undefined ? undefined : now + seconds * 1000),
      };
      this.#tables.open.set(arn, execution);
      this.#tables.list.set(execution.listKey, { arn });
      const details = { input, inputDetails: whole, roleArn: machine.roleArn };
      const place = { id: 1, previousEventId: 0, timestamp: now };
      this.#tables.history.append(arn, historyEvent(place, "ExecutionStarted", details));
      this.#sink.put(statusEvent(execution));
      this.#runner.begin(arn);
      return execution;
    });
  }
}

function sameOrRefused(known: Execution, input: string, startedBy: Started["startedBy"]): Execution {
  const again = startedBy !== undefined && known.startedBy?.callId === startedBy.callId;
  if (again || (isOpen(known) && known.input === input)) return known;
  throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${known.arn}'`);
}

function checkInput(input: unknown): string {
  const text = input ?? "{}";
  if (typeof text !== "string" || text === "") throw invalidInput("Invalid execution input.");
  if (Buffer.byteLength(text) > DATA_LIMIT) {
    throw invalidInput(`the input has ${Buffer.byteLength(text)} bytes, at most ${DATA_LIMIT} are taken`);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidInput(error instanceof Error ? error.message : "not JSON");
  }
  return text;
}

function invalidInput(why: string): AwsError {
  return new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${why}'`);
}
