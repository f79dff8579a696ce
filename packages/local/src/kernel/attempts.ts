import type { Random } from "./random.ts";
import { AwsError } from "./wire.ts";

/** How long and how often a delivery is tried again. EventBridge and Scheduler share the defaults. */
export interface RetryPolicy {
  readonly maximumAgeMs: number;
  readonly maximumRetries: number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const defaultRetries = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } as const;

export function retryPolicy(
  configured: { MaximumEventAgeInSeconds?: number; MaximumRetryAttempts?: number } = {},
): RetryPolicy {
  const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = { ...defaultRetries, ...configured };
  return { maximumAgeMs: MaximumEventAgeInSeconds * 1000, maximumRetries: MaximumRetryAttempts };
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 720_000;

/**
 * The wait before retry number `retry` (from 1). AWS says "exponential backoff and jitter" and gives no
 * numbers: this doubles from a second to twelve minutes, of which between half and all is waited. So 185
 * retries outlast a day, and by default it is the day that ends them.
 */
export function backoff(retry: number, random: Random): number {
  const full = Math.min(FIRST_DELAY * 2 ** (retry - 1), LONGEST_DELAY);
  return Math.round(full * (0.5 + random.number() / 2));
}

/** A failed delivery, in the words of the dead letter's attributes. */
export interface Failure {
  /** ERROR_CODE, one of those in https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
  readonly code: string;
  readonly message: string;
  /** False for what only a person can put right: such a delivery is not tried again. */
  readonly retry: boolean;
}

/** Thrown by what makes up a target's input. */
export class InvalidInput extends Error {}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InvalidInput) return { code: "INVALID_JSON", message, retry: false };
  if (!(error instanceof AwsError)) return { code: "INTERNAL_ERROR", message, retry: true };
  const known = knownCodes[error.code];
  if (known !== undefined) return { ...known, message: `${error.code}: ${message}` };
  // An unknown error of the target's is tried again: that loses nothing, and giving up might.
  const code = error.status >= 500 ? "INTERNAL_ERROR" : "ERROR_FROM_TARGET";
  return { code, message: `${error.code}: ${message}`, retry: true };
}

const never = (code: string) => ({ code, retry: false });
const again = (code: string) => ({ code, retry: true });

const knownCodes: Readonly<Record<string, { code: string; retry: boolean }>> = {
  ResourceNotFoundException: never("NO_RESOURCE"),
  ResourceNotFound: never("NO_RESOURCE"),
  StateMachineDoesNotExist: never("NO_RESOURCE"),
  StateMachineDeleting: never("NO_RESOURCE"),
  AccessDeniedException: never("NO_PERMISSIONS"),
  AccessDenied: never("NO_PERMISSIONS"),
  ExecutionAlreadyExists: never("RESOURCE_ALREADY_EXISTS"),
  InvalidArn: never("INVALID_PARAMETER"),
  InvalidExecutionInput: never("INVALID_PARAMETER"),
  InvalidParameterValueException: never("INVALID_PARAMETER"),
  RequestTooLargeException: never("INVALID_PARAMETER"),
  ValidationException: never("INVALID_PARAMETER"),
  UnknownOperationException: never("INVALID_PARAMETER"),
  InvalidRequestContentException: never("INVALID_JSON"),
  TooManyRequestsException: again("THROTTLING"),
  ThrottlingException: again("THROTTLING"),
  ExecutionLimitExceeded: again("RESOURCE_LIMIT_EXCEEDED"),
  ResourceConflictException: again("RESOURCE_MODIFICATION_COLLISION"),
  TimeoutException: again("TIMEOUT"),
  RequestTimeout: again("TIMEOUT"),
};

/** Why an item is given up. */
export type Exhausted = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

export interface GaveUp {
  readonly failure: Failure;
  /** Undefined when the failure was of a kind that is not tried again. */
  readonly exhausted: Exhausted | undefined;
  /** Retries made, the first try not counted. */
  readonly retries: number;
}

/** The attributes that both services put on a dead letter. */
export function failureAttributes(gaveUp: GaveUp): Record<string, string> {
  return {
    ERROR_CODE: gaveUp.failure.code,
    ERROR_MESSAGE: gaveUp.failure.message,
    ...(gaveUp.exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: gaveUp.exhausted }),
    RETRY_ATTEMPTS: String(gaveUp.retries),
  };
}
