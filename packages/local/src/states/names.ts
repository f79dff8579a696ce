import { arn, parseArn } from "../kernel/arn.ts";
import { AwsError } from "../kernel/wire.ts";

/** "A name must not contain: white space, brackets < > { } [ ], wildcards ? *, special characters, controls." */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what AWS refuses
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** Throws AwsError InvalidName. */
export function checkName(name: unknown): string {
  if (typeof name !== "string" || name.length < 1 || name.length > 80 || FORBIDDEN.test(name)) {
    throw new AwsError("InvalidName", `Invalid Name: '${String(name)}'`);
  }
  return name;
}

export function machineArn(name: string): string {
  return arn("states", `stateMachine:${name}`);
}

export function executionArn(machineName: string, name: string): string {
  return arn("states", `execution:${machineName}:${name}`);
}

/** Throws AwsError InvalidArn. Version and alias ARNs are not served. */
export function checkMachineArn(value: unknown): string {
  const [, ...qualifier] = resourceOf(value, "stateMachine");
  if (qualifier.length > 0) {
    throw new AwsError(
      "InvalidArn",
      `Invalid Arn: the embedded engine does not serve versions and aliases of state machines: '${String(value)}'`,
    );
  }
  return String(value);
}

/** Throws AwsError InvalidArn. */
export function checkExecutionArn(value: unknown): string {
  resourceOf(value, "execution");
  return String(value);
}

function resourceOf(value: unknown, type: string): string[] {
  const text = String(value);
  if (!text.startsWith("arn:"))
    throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${text}'`);
  const [found, ...rest] = parseArn(text)?.resource.split(":") ?? [];
  if (found === type && rest.length > 0) return rest;
  throw new AwsError("InvalidArn", `Invalid Arn: 'Resource type not valid in this context: ${found}'`);
}
