import { millisOf } from "../kernel/checks.ts";
import { constraint, invalidValue, missing, validation } from "./errors.ts";

/** What an operation is given, before anything is known of it. */
export type Input = Readonly<Record<string, unknown>>;

/** Refuses, by name, every member that the engine does not serve: to ignore a setting would be to pretend. */
export function refuseOthers(where: string, input: Input, served: string): void {
  const names = served.split(" ");
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined || value === null || names.includes(member)) continue;
    throw invalidValue(
      `${where}: ${member} is not supported by the embedded engine (supported: ${names.join(", ")})`,
    );
  }
}

export function optionalText(input: Input, member: string, longest = 1024): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw validation(`${member} must be a string`);
  if (value.length > longest) {
    throw constraint(
      value,
      decapitalized(member),
      `Member must have length less than or equal to ${longest}`,
    );
  }
  return value;
}

export function text(input: Input, member: string, longest?: number): string {
  const value = optionalText(input, member, longest);
  if (value === undefined) throw missing(member);
  if (value === "") {
    throw constraint(value, decapitalized(member), "Member must have length greater than or equal to 1");
  }
  return value;
}

export function optionalOneOf<T extends string>(
  input: Input,
  member: string,
  allowed: readonly T[],
): T | undefined {
  const value = optionalText(input, member);
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw constraint(
    value,
    decapitalized(member),
    `Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
}

export function optionalNumber(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw invalidValue(`The value ${String(value)} for parameter ${member} is invalid: it must be a number.`);
  }
  return value;
}

export function optionalCount(
  input: Input,
  member: string,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = optionalNumber(input, member);
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < 1) {
    throw constraint(value, decapitalized(member), "Member must have value greater than or equal to 1");
  }
  if (value > most) {
    throw constraint(value, decapitalized(member), `Member must have value less than or equal to ${most}`);
  }
  return value;
}

export function optionalFlag(input: Input, member: string): boolean | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw validation(`${member} must be true or false`);
  return value;
}

/** On the wire a timestamp is a number of seconds; inside the engine it may be a Date. Milliseconds come back. */
export function optionalTime(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  const ms = millisOf(value);
  if (!Number.isFinite(ms)) throw validation(`${member} must be a timestamp`);
  return Math.round(ms);
}

export function time(input: Input, member: string): number {
  const value = optionalTime(input, member);
  if (value === undefined) throw missing(member);
  return value;
}

export function objects(input: Input, member: string): Input[] {
  const value = input[member] ?? [];
  if (!Array.isArray(value)) throw validation(`${member} must be a list`);
  for (const each of value) {
    if (typeof each !== "object" || each === null) throw validation(`${member} must be a list of structures`);
  }
  return value as Input[];
}

export function texts(input: Input, member: string): string[] {
  const value = input[member] ?? [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== "string")) {
    throw validation(`${member} must be a list of strings`);
  }
  return value as string[];
}

export function structure(input: Input, member: string): Input | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw validation(`${member} must be a structure`);
  return value as Input;
}

function decapitalized(member: string): string {
  return member.slice(0, 1).toLowerCase() + member.slice(1);
}
