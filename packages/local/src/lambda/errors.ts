import { arn } from "../kernel/arn.ts";
import { AwsError } from "../kernel/wire.ts";

export function functionArn(name: string, qualifier?: string): string {
  return arn("lambda", `function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`);
}

export function functionNotFound(name: string, qualifier?: string): AwsError {
  return new AwsError(
    "ResourceNotFoundException",
    `Function not found: ${functionArn(name, qualifier)}`,
    404,
    {},
  );
}

export function aliasNotFound(name: string, alias: string): AwsError {
  return new AwsError("ResourceNotFoundException", `Alias not found: ${functionArn(name, alias)}`, 404);
}

export function cannotFindAlias(name: string, alias: string): AwsError {
  const message = `Cannot find alias arn: ${functionArn(name, alias)}`;
  return new AwsError("ResourceNotFoundException", message, 404);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

export function conflict(message: string): AwsError {
  return new AwsError("ResourceConflictException", message, 409);
}

/** A member that breaks the API's own constraints is refused before the service looks at it. */
export function constraint(value: string, member: string, rule: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

export function revisionMismatch(): AwsError {
  return new AwsError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. " +
      "Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    412,
  );
}

export function throttled(): AwsError {
  return new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
  });
}

export function noCode(name: string): AwsError {
  return invalidParameter(
    `the embedded engine runs functions whose code is registered in its own process, and there is none named '${name}': register it with lambda.define`,
  );
}

export function unsupported(operation: string, member: string): AwsError {
  return invalidParameter(`the embedded engine does not support ${member} in ${operation}`);
}
