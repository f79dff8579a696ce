import type { Kernel } from "../kernel/kernel.ts";
import { AwsError } from "../kernel/wire.ts";
import { type ClosedExecution, type Execution, isOpen, type Status, statusOf } from "./model.ts";
import { checkExecutionArn, checkMachineArn } from "./names.ts";
import { nextToken, pageSize, placeOf, validationFailed } from "./paging.ts";
import type { Runner } from "./runner.ts";
import type { Starts } from "./starts.ts";
import { redrive } from "./status-event.ts";
import { listPrefix, type Tables } from "./tables.ts";

type Input = Readonly<Record<string, unknown>>;

/** Executions, as the API starts, stops and shows them. */
export class Executions {
  readonly #kernel: Kernel;
  readonly #tables: Tables;
  readonly #starts: Starts;
  readonly #runner: Runner;

  constructor(kernel: Kernel, tables: Tables, starts: Starts, runner: Runner) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#starts = starts;
    this.#runner = runner;
  }

  start(input: Input) {
    const execution = this.#starts.start({
      machineArn: input.stateMachineArn,
      name: input.name,
      input: input.input,
      traceHeader: input.traceHeader as string | undefined,
    });
    return { executionArn: execution.arn, startDate: new Date(execution.startedAt) };
  }

  async stop(input: Input) {
    const { arn } = this.get(input.executionArn);
    const { error, cause } = input as { error?: string; cause?: string };
    const failure = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    await this.#runner.tell(arn, { kind: "stop", failure });
    const after = this.#tables.execution(arn);
    const stoppedAt = after === undefined || isOpen(after) ? this.#kernel.clock.now() : after.stoppedAt;
    return { stopDate: new Date(stoppedAt) };
  }

  describe(input: Input) {
    const execution = this.get(input.executionArn);
    const ended: Partial<ClosedExecution> = isOpen(execution) ? {} : execution;
    const status = statusOf(execution);
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status,
      startDate: new Date(execution.startedAt),
      stopDate: ended.stoppedAt === undefined ? undefined : new Date(ended.stoppedAt),
      input: execution.input,
      inputDetails: { included: true },
      output: ended.output,
      outputDetails: ended.output === undefined ? undefined : { included: true },
      error: ended.error,
      cause: ended.cause,
      traceHeader: execution.traceHeader,
      redriveCount: 0,
      ...redrive(status),
    };
  }

  /** Newest first. */
  list(input: Input) {
    if (input.mapRunArn !== undefined || input.redriveFilter !== undefined) {
      throw new AwsError(
        "ValidationException",
        "The embedded engine has neither map runs nor redrives to list",
      );
    }
    const machineArn = checkMachineArn(input.stateMachineArn);
    if (!this.#tables.machines.get(machineArn)) {
      throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${machineArn}'`);
    }
    const wanted = checkFilter(input.statusFilter);
    const limit = pageSize(input.maxResults);
    const after = placeOf(input.nextToken, 3096);
    const found =
      wanted === "RUNNING"
        ? this.#running(machineArn, after, limit + 1)
        : this.#all(machineArn, wanted, after, limit + 1);
    const page = found.slice(0, limit);
    return {
      executions: page.map(summary),
      ...nextToken(found.length > limit ? page.at(-1)?.listKey : undefined),
    };
  }

  get(executionArn: unknown): Execution {
    const arn = checkExecutionArn(executionArn);
    const execution = this.#tables.execution(arn);
    if (execution !== undefined) return execution;
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }

  /** What runs is few and in memory; what has ended may be many. */
  #running(machineArn: string, after = "", limit: number): Execution[] {
    return this.#tables.open
      .entries()
      .map(([, execution]) => execution)
      .filter((execution) => execution.machineArn === machineArn && execution.listKey > after)
      .sort((a, b) => (a.listKey < b.listKey ? -1 : 1))
      .slice(0, limit);
  }

  #all(
    machineArn: string,
    wanted: Status | undefined,
    after: string | undefined,
    limit: number,
  ): Execution[] {
    const found: Execution[] = [];
    const prefix = listPrefix(machineArn);
    for (let from = after; found.length < limit; ) {
      const page = this.#tables.list.page({ prefix, ...(from === undefined ? {} : { after: from }), limit });
      for (const [key, { arn }] of page) {
        from = key;
        const execution = this.#tables.execution(arn);
        if (execution === undefined) continue;
        if (wanted === undefined || statusOf(execution) === wanted) found.push(execution);
      }
      if (page.length < limit) break;
    }
    return found.slice(0, limit);
  }
}

const STATUSES = ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"];

function checkFilter(filter: unknown): Status | undefined {
  if (filter === undefined || STATUSES.includes(String(filter))) return filter as Status | undefined;
  throw validationFailed(
    filter,
    "statusFilter",
    `Member must satisfy enum value set: [${STATUSES.join(", ")}]`,
  );
}

function summary(execution: Execution) {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: statusOf(execution),
    startDate: new Date(execution.startedAt),
    stopDate: isOpen(execution) ? undefined : new Date(execution.stoppedAt),
    redriveCount: 0,
  };
}
