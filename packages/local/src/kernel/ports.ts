/**
 * What the parts of the engine know of each other. They are handed to one another when the engine is
 * assembled (engine/engine.ts). What several parts need lies here in kernel/; only rules on a schedule read
 * their expressions with the scheduler's own grammar.
 */

/** Invokes Lambda functions. Served by `lambda/`. */
export interface FunctionInvoker {
  /** Runs the function and waits. `target` is a name or ARN, with or without `:version` or `:alias`. */
  invoke(target: string, payload: unknown): Promise<InvokeResult>;
  /**
   * Accepts the event durably and runs it later, with Lambda's own retries (two more tries, after one and
   * two minutes), then to the function's dead letters. Throws AwsError when there is no such function.
   */
  invokeLater(target: string, payload: unknown): void;
}

export type InvokeResult =
  | { readonly ok: true; readonly payload: unknown; readonly executedVersion: string }
  | {
      readonly ok: false;
      /** The JavaScript error's name, as Lambda reports it; `Sandbox.Timedout` for a time-out. */
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
      readonly executedVersion: string;
    };

/** Starts executions. Served by `states/`. */
export interface ExecutionStarter {
  /** As the API's StartExecution; throws AwsError. */
  start(machineArn: string, name: string | undefined, input: unknown): { executionArn: string };
}

/** Takes the events that AWS services themselves send to the default bus. Served by `events/`. */
export interface EventSink {
  put(event: ServiceEvent): void;
}

export interface ServiceEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** Hands an event or a schedule's input to what its target's ARN names. Served by engine.ts. */
export interface TargetDelivery {
  /** Throws AwsError: the caller decides whether to try again by the error's code. */
  deliver(targetArn: string, input: unknown): Promise<void>;
}

/** Where deliveries end that could not be made. Served by `events/`. */
export interface DeadLetters {
  /** `queueArn` is the configured dead-letter queue; undefined means the letter is only counted. */
  add(queueArn: string | undefined, letter: DeadLetter): void;
}

export interface DeadLetter {
  readonly at: number;
  readonly body: unknown;
  /** As EventBridge sets them: RULE_ARN, TARGET_ARN, ERROR_CODE, ERROR_MESSAGE, RETRY_ATTEMPTS … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Takes measurements from the engine's own services (AWS/Lambda). Served by `cloudwatch/`. */
export interface MetricSink {
  put(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, datum: Datum): void;
}

export interface Datum {
  /** Distinct values and how often each was seen. */
  readonly values: readonly { readonly value: number; readonly count: number }[];
  readonly unit: string;
}
