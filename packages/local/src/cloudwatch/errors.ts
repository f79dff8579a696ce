import { AwsError } from "../kernel/wire.ts";

/** The errors that CloudWatch's model names, and the codes that its older Query protocol has for them. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  InvalidParameterValueException: "InvalidParameterValue",
  InvalidParameterCombinationException: "InvalidParameterCombination",
  MissingRequiredParameterException: "MissingParameter",
  LimitExceededFault: "LimitExceeded",
  ValidationException: "ValidationError",
};

/** What SDK clients read from `x-amzn-query-error`, so that code written for the Query protocol goes on. */
export function queryError(error: AwsError): string {
  return `${QUERY_CODES[error.code] ?? error.code};${error.status >= 500 ? "Receiver" : "Sender"}`;
}

export function validation(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

export function constraint(value: unknown, member: string, rule: string): AwsError {
  const shown =
    typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return validation(
    `1 validation error detected: Value '${shown}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

export function invalidValue(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

export function invalidCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombinationException", message);
}

export function missing(member: string): AwsError {
  return new AwsError("MissingRequiredParameterException", `The parameter ${member} is required.`);
}

export function alarmNotFound(name: string): AwsError {
  return new AwsError("ResourceNotFound", `there is no alarm named '${name}'`, 404);
}
