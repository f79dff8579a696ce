import type { Kernel } from "../kernel/kernel.ts";
import type { FunctionInvoker, InvokeResult } from "../kernel/ports.ts";
import { AwsError } from "../kernel/wire.ts";
import type { Failure } from "./failure.ts";
import type { Answer, Report } from "./happening.ts";
import { knownIntegration } from "./integrations.ts";
import type { ClosedExecution } from "./model.ts";
import { httpMetadata } from "./sdk-metadata.ts";
import type { Starts } from "./starts.ts";
import type { Tables } from "./tables.ts";

type Args = Readonly<Record<string, unknown>>;

export interface PendingCall {
  readonly id: string;
  readonly resource: string;
  readonly arguments: unknown;
}

/** Makes the calls that tasks ask for. A call may be made twice, after a restart. */
export class Calls {
  readonly #kernel: Kernel;
  readonly #functions: FunctionInvoker;
  readonly #tables: Tables;
  readonly #starts: () => Starts;

  constructor(kernel: Kernel, functions: FunctionInvoker, tables: Tables, starts: () => Starts) {
    this.#kernel = kernel;
    this.#functions = functions;
    this.#tables = tables;
    this.#starts = starts;
  }

  async make(executionArn: string, call: PendingCall): Promise<Answer> {
    const target = knownIntegration(call.resource);
    if (target.kind === "function") {
      return await this.#invoke(target.functionArn, call.arguments, (result) => result.payload);
    }
    const args = call.arguments as Args;
    if (typeof args !== "object" || args === null || Array.isArray(args)) {
      return refused("States.Runtime", `The parameters of ${call.resource} must be a JSON object.`);
    }
    switch (target.service) {
      case "lambda":
        return await this.#invokeAsService(args);
      case "events":
        return await this.#putEvents(executionArn, args);
      case "states":
        return this.#startExecution(executionArn, call.id, args, target.pattern === "sync:2");
    }
  }

  async #invokeAsService(args: Args): Promise<Answer> {
    const unknown = Object.keys(args).filter(
      (name) => !["FunctionName", "Payload", "Qualifier", "InvocationType"].includes(name),
    );
    if (unknown.length > 0 || (args.InvocationType ?? "RequestResponse") !== "RequestResponse") {
      const what = unknown[0] ?? `InvocationType ${String(args.InvocationType)}`;
      return refused(
        "States.Runtime",
        `The embedded engine does not serve ${what} in lambda:invoke; it serves FunctionName, Payload and Qualifier.`,
      );
    }
    if (typeof args.FunctionName !== "string") {
      return refused(
        "States.Runtime",
        "The field 'FunctionName' is required in lambda:invoke but was missing.",
      );
    }
    const target =
      args.Qualifier === undefined ? args.FunctionName : `${args.FunctionName}:${String(args.Qualifier)}`;
    return await this.#invoke(target, args.Payload ?? {}, (result) => {
      const body = JSON.stringify(result.payload ?? null);
      return {
        ExecutedVersion: result.executedVersion,
        Payload: result.payload ?? null,
        ...httpMetadata(this.#kernel, body, {
          "X-Amz-Executed-Version": result.executedVersion,
          "x-amzn-Remapped-Content-Length": "0",
          "Content-Type": "application/json",
        }),
        StatusCode: 200,
      };
    });
  }

  async #invoke(
    target: string,
    payload: unknown,
    output: (result: Extract<InvokeResult, { ok: true }>) => unknown,
  ): Promise<Answer> {
    try {
      const result = await this.#functions.invoke(target, payload);
      if (result.ok) return { ok: true, output: output(result) ?? null };
      const { errorType, errorMessage, trace } = result;
      return refused(errorType || "Lambda.Unknown", JSON.stringify({ errorType, errorMessage, trace }));
    } catch (error) {
      return { ok: false, failure: this.#apiFailure("Lambda", "AWSLambda", error) };
    }
  }

  /** "The execution ARN and the state machine ARN are automatically appended to the Resources field." */
  async #putEvents(executionArn: string, args: Args): Promise<Answer> {
    const machineArn = this.#tables.execution(executionArn)?.machineArn;
    const entries = Array.isArray(args.Entries) ? (args.Entries as Args[]) : [];
    const input = {
      ...args,
      Entries: entries.map((entry) => ({
        ...entry,
        ...(entry.Detail === undefined ? {} : { Detail: asText(entry.Detail) }),
        Resources: [...(Array.isArray(entry.Resources) ? entry.Resources : []), executionArn, machineArn],
      })),
    };
    try {
      const output = (await this.#kernel.call("events", "PutEvents", input)) as { FailedEntryCount?: number };
      if ((output.FailedEntryCount ?? 0) === 0) return { ok: true, output };
      return refused("EventBridge.FailedEntry", JSON.stringify(output));
    } catch (error) {
      return { ok: false, failure: this.#apiFailure("EventBridge", "AmazonEventBridge", error) };
    }
  }

  #startExecution(executionArn: string, callId: string, args: Args, waits: boolean): Answer {
    try {
      const started = this.#starts().start({
        machineArn: args.StateMachineArn,
        // A name of its own, so that the call can be made again without starting a second execution.
        name: args.Name ?? callId,
        input: asText(args.Input ?? {}),
        startedBy: { executionArn, callId, waits },
      });
      const body = { executionArn: started.arn, startDate: started.startedAt };
      const output = {
        ExecutionArn: started.arn,
        ...httpMetadata(this.#kernel, JSON.stringify(body), { "Content-Type": "application/x-amz-json-1.0" }),
        StartDate: started.startedAt,
      };
      return { ok: true, output, child: started.arn };
    } catch (error) {
      return { ok: false, failure: this.#apiFailure("StepFunctions", "AWSStepFunctions", error) };
    }
  }

  /** What the end of a child execution says to the task that waits for it (`.sync:2`: output as JSON). */
  childReport(child: ClosedExecution): Report {
    const described = {
      ExecutionArn: child.arn,
      Input: JSON.parse(child.input),
      InputDetails: { Included: true },
      Name: child.name,
      StartDate: child.startedAt,
      StateMachineArn: child.machineArn,
      Status: child.status,
      StopDate: child.stoppedAt,
    };
    if (child.output !== undefined) {
      const output = { ...described, Output: JSON.parse(child.output), OutputDetails: { Included: true } };
      return { kind: "success", output };
    }
    const cause = JSON.stringify({ ...described, Error: child.error, Cause: child.cause });
    return { kind: "failure", failure: { error: "States.TaskFailed", cause } };
  }

  #apiFailure(prefix: string, service: string, error: unknown): Failure {
    if (!(error instanceof AwsError)) {
      return { error: `${prefix}.Unknown`, cause: error instanceof Error ? error.message : String(error) };
    }
    const name = error.code.endsWith("Exception") ? error.code : `${error.code}Exception`;
    const requestId = this.#kernel.random.uuid();
    return {
      error: `${prefix}.${name}`,
      cause: `${error.message} (Service: ${service}; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)`,
    };
  }
}

function refused(error: string, cause: string): Answer {
  return { ok: false, failure: { error, cause } };
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
