/** Why a state failed. */
export interface Failure {
  /** What `ErrorEquals` is compared with. Absent when SendTaskFailure named no error. */
  readonly error?: string;
  readonly cause?: string;
  /** A time-out for want of a heartbeat: `States.Timeout` that `States.HeartbeatTimeout` matches too. */
  readonly heartbeat?: true;
  /** Where the JSONata expression stands that failed, as `Output/result`. */
  readonly location?: string;
}

/** Thrown inside the interpreter and always answered there, by Retry, Catch or the execution's failure. */
export class StateFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.error}: ${failure.cause}`);
    this.name = "StateFailed";
    this.failure = failure;
  }
}

/**
 * Whether an `ErrorEquals` takes this failure. `States.TaskFailed` is a wildcard for all but time-outs.
 * `States.ALL` takes `States.DataLimitExceeded` too: the guide says it does not, recordings of the service
 * show that it does.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matchesError(errorEquals: readonly string[], failure: Failure): boolean {
  return errorEquals.some((wanted) => {
    if (wanted === "States.ALL") return true;
    if (wanted === "States.TaskFailed") return failure.error !== "States.Timeout";
    if (wanted === "States.HeartbeatTimeout" && failure.heartbeat) return true;
    return wanted === failure.error;
  });
}

/** "The States.Runtime errors are not retriable, and will always cause the execution to fail." */
export function isFatal(failure: Failure): boolean {
  return failure.error === "States.Runtime";
}

/** `$states.errorOutput`. */
export function errorOutput(failure: Failure): { Error: string | null; Cause: string | null } {
  const cause = failure.error === "States.Timeout" ? (failure.cause ?? "") : (failure.cause ?? null);
  return { Error: failure.error ?? null, Cause: cause };
}

/** The most that a state's input, output or result may hold, in bytes of UTF-8. */
export const DATA_LIMIT = 256 * 1024;

/** Throws StateFailed with States.DataLimitExceeded. `what` is the state or the task that gave the value. */
export function withinLimit(value: unknown, what: string): void {
  if (Buffer.byteLength(JSON.stringify(value) ?? "") <= DATA_LIMIT) return;
  throw new StateFailed({
    error: "States.DataLimitExceeded",
    cause: `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  });
}
