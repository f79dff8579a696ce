import { AwsError } from "./wire.ts";

/** What an operation is given, before anything is known of it. */
export type Input = Readonly<Record<string, unknown>>;

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/**
 * Refuses, by name, every member that the engine does not serve. To take a setting and not act on it would
 * be to pretend.
 */
export function refuseOthers(where: string, input: Input, served: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined || value === null || served.includes(member)) continue;
    throw invalid(
      `${where}: ${member} is not supported by the embedded engine (supported: ${served.join(", ")}).`,
    );
  }
}

export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/** A text member that may be absent. */
export function optionalText(input: Input, member: string, rule: TextRule = {}): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`${member} must be a string.`);
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern, oneOf } = rule;
  if (value.length < min) throw constraint(value, member, `have length greater than or equal to ${min}`);
  if (value.length > max) throw constraint(value, member, `have length less than or equal to ${max}`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`).test(value)) {
    throw constraint(value, member, `satisfy regular expression pattern: ${pattern.source}`);
  }
  if (oneOf !== undefined && !oneOf.includes(value)) {
    throw constraint(value, member, `satisfy enum value set: [${oneOf.join(", ")}]`);
  }
  return value;
}

export function text(input: Input, member: string, rule: TextRule = {}): string {
  const value = optionalText(input, member, rule);
  if (value === undefined) throw constraint("null", member, "not be null", false);
  return value;
}

export function optionalInteger(
  input: Input,
  member: string,
  least: number,
  most: number,
): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  // In a query a number is text.
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) throw invalid(`${member} must be an integer.`);
  if (number < least) throw constraint(number, member, `have value greater than or equal to ${least}`);
  if (number > most) throw constraint(number, member, `have value less than or equal to ${most}`);
  return number;
}

export function optionalObject(input: Input, member: string): Input | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid(`${member} must be an object.`);
  return value;
}

/** Milliseconds. On the wire a timestamp is seconds; inside the engine it may be a Date or ISO 8601. */
export function optionalTime(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  const ms = millisOf(value);
  if (!Number.isFinite(ms)) throw invalid(`${member} must be a timestamp.`);
  return Math.round(ms);
}

/** NaN for what is no moment. */
export function millisOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return value * 1000;
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

export function isObject(value: unknown): value is Input {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A dead-letter queue: the ARN of a standard SQS queue, or none. */
export function deadLetterQueue(where: string, input: Input): string | undefined {
  const config = optionalObject(input, "DeadLetterConfig");
  if (config === undefined) return undefined;
  refuseOthers(`${where}.DeadLetterConfig`, config, ["Arn"]);
  const queue = optionalText(config, "Arn", { min: 1, max: 1600 });
  if (queue !== undefined && !/^arn:[^:]+:sqs:[^:]*:[^:]*:[A-Za-z0-9_-]+$/.test(queue)) {
    throw invalid(`${where}: a dead-letter queue is the ARN of a standard SQS queue, not ${queue}.`);
  }
  return queue;
}

export function retrySettings(
  where: string,
  input: Input,
): { MaximumEventAgeInSeconds?: number; MaximumRetryAttempts?: number } | undefined {
  const policy = optionalObject(input, "RetryPolicy");
  if (policy === undefined) return undefined;
  refuseOthers(`${where}.RetryPolicy`, policy, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"]);
  const age = optionalInteger(policy, "MaximumEventAgeInSeconds", 60, 86_400);
  const attempts = optionalInteger(policy, "MaximumRetryAttempts", 0, 185);
  return {
    ...(age === undefined ? {} : { MaximumEventAgeInSeconds: age }),
    ...(attempts === undefined ? {} : { MaximumRetryAttempts: attempts }),
  };
}

function constraint(value: string | number, member: string, must: string, quoted = true): AwsError {
  const shown = quoted ? `'${value}'` : value;
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  return invalid(
    `1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: Member must ${must}`,
  );
}
