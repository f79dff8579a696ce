import type { ServiceEvent } from "../kernel/ports.ts";
import { type Execution, isOpen, statusOf } from "./model.ts";

/**
 * `Step Functions Execution Status Change`, as AWS sends it to the default bus.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function statusEvent(execution: Execution): ServiceEvent {
  const status = statusOf(execution);
  const ended = isOpen(execution) ? undefined : execution;
  return {
    source: "aws.states",
    detailType: "Step Functions Execution Status Change",
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status,
      startDate: execution.startedAt,
      stopDate: ended?.stoppedAt ?? null,
      input: execution.input,
      output: ended?.output ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      ...redrive(status),
      inputDetails: { included: true },
      outputDetails: ended?.output === undefined ? null : { included: true },
      error: ended?.error ?? null,
      cause: ended?.cause ?? null,
    },
  };
}

/** Where AWS would say REDRIVABLE the engine says that it does not redrive. */
export function redrive(status: string): { redriveStatus: string; redriveStatusReason: string } {
  const reason =
    status === "RUNNING" || status === "SUCCEEDED"
      ? `Execution is ${status} and cannot be redriven`
      : "The embedded engine does not redrive executions";
  return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
}
