import type { Kernel } from "../kernel/kernel.ts";
import type { EventSink, ExecutionStarter, FunctionInvoker } from "../kernel/ports.ts";
import { AwsError, jsonService, type Operation, type Service } from "../kernel/wire.ts";
import { Calls } from "./calls.ts";
import { Executions } from "./executions.ts";
import { historyPage } from "./history-pages.ts";
import { Machines, validateDefinition } from "./machines.ts";
import { Runner } from "./runner.ts";
import { Starts } from "./starts.ts";
import { Tables } from "./tables.ts";
import { TokenReports } from "./token-reports.ts";

export { checkDefinition, type Problem } from "./definition-check.ts";

export interface StatesPorts {
  readonly functions: FunctionInvoker;
  /** For `Step Functions Execution Status Change`. */
  readonly events: EventSink;
}

export interface States {
  readonly service: Service;
  readonly starter: ExecutionStarter;
  /** Takes up all executions where they were. Once, after assembly. */
  resume(): void;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * Step Functions, Standard workflows in JSONata.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html
 * `events:putEvents` is called through the kernel's service `events`.
 */
export function createStates(kernel: Kernel, ports: StatesPorts): States {
  const tables = new Tables(kernel);
  const machines = new Machines(kernel, tables);
  const calls = new Calls(kernel, ports.functions, tables, () => starts);
  const runner = new Runner(kernel, tables, ports.events, calls);
  const starts = new Starts(kernel, tables, ports.events, runner);
  const executions = new Executions(kernel, tables, starts, runner);
  const tokens = new TokenReports(tables, runner);
  const service = jsonService({
    name: "states",
    targetPrefix: "AWSStepFunctions",
    version: "1.0",
    operations: {
      CreateStateMachine: (input: Input) => machines.create(input),
      UpdateStateMachine: (input: Input) => machines.update(input),
      DeleteStateMachine: (input: Input) => machines.delete(input),
      DescribeStateMachine: (input: Input) => machines.describe(input),
      DescribeStateMachineForExecution: (input: Input) => {
        const { revision, machineArn, machineName } = executions.get(input.executionArn);
        return machines.describeRevision(revision, machineArn, machineName);
      },
      ListStateMachines: (input: Input) => machines.list(input),
      ListTagsForResource: (input: Input) => machines.tags(input),
      ValidateStateMachineDefinition: (input: Input) => validateDefinition(input),
      StartExecution: (input: Input) => executions.start(input),
      StopExecution: (input: Input) => executions.stop(input),
      DescribeExecution: (input: Input) => executions.describe(input),
      ListExecutions: (input: Input) => executions.list(input),
      GetExecutionHistory: (input: Input) =>
        historyPage(tables, executions.get(input.executionArn).arn, input),
      SendTaskSuccess: (input: Input) => tokens.success(input),
      SendTaskFailure: (input: Input) => tokens.failure(input),
      SendTaskHeartbeat: (input: Input) => tokens.heartbeat(input),
      RedriveExecution: refused("RedriveExecution: start a new execution instead"),
      StartSyncExecution: () => {
        throw new AwsError(
          "StateMachineTypeNotSupported",
          "This operation is not supported by this type of state machine",
        );
      },
    },
  });
  return {
    service,
    starter: {
      start(machineArn, name, input) {
        const started = starts.start({ machineArn, name, input: JSON.stringify(input) });
        return { executionArn: started.arn };
      },
    },
    resume: () => runner.resume(),
  };
}

function refused(what: string): Operation {
  return () => {
    throw new AwsError("UnknownOperationException", `The embedded engine does not serve ${what}`);
  };
}
