import type { Position } from "./position.ts";

export interface MachineRecord {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly createdAt: number;
  /** The definition that new executions begin with: a key of the revisions. */
  readonly revision: string;
  readonly definition: string;
  /** As the API names it: absent until the first update. */
  readonly revisionId?: string;
  readonly updatedAt: number;
  readonly tags: readonly Tag[];
  readonly status: "ACTIVE" | "DELETING";
}

export interface Tag {
  readonly key: string;
  readonly value?: string;
}

/** A definition that some execution began with. Never changed, never taken away. */
export interface Revision {
  readonly definition: string;
  readonly roleArn: string;
  readonly revisionId?: string;
  readonly updatedAt: number;
}

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** What is known of an execution from its start on. */
export interface Started {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly revision: string;
  readonly startedAt: number;
  /** As it was given: JSON text. */
  readonly input: string;
  readonly traceHeader?: string;
  /** Its place in the list of executions. */
  readonly listKey: string;
  /** The task of another execution that started this one. */
  readonly startedBy?: { readonly executionArn: string; readonly callId: string; readonly waits: boolean };
}

export interface OpenExecution extends Started {
  readonly position: Position;
}

export interface ClosedExecution extends Started {
  readonly status: Exclude<Status, "RUNNING">;
  readonly stoppedAt: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export type Execution = OpenExecution | ClosedExecution;

export function isOpen(execution: Execution): execution is OpenExecution {
  return "position" in execution;
}

export function statusOf(execution: Execution): Status {
  return isOpen(execution) ? "RUNNING" : execution.status;
}
