import { ACCOUNT, REGION } from "../kernel/arn.ts";
import { AwsError } from "../kernel/wire.ts";
import { constraint, invalidParameter } from "./errors.ts";

/** As the API's model has it, and as AWS quotes it in its error. */
const NAME_PATTERN =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?" +
  "(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

const NAME =
  /^(arn:aws[a-zA-Z-]*:lambda:)?(?:([a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

export interface FunctionName {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** A function's name, partial ARN or ARN, with or without `:version` or `:alias`. */
export function parseFunctionName(text: string, qualifier?: string): FunctionName {
  const [whole, , region, account, name, within] = NAME.exec(text) ?? [];
  if (whole === undefined || name === undefined) {
    throw constraint(text, "functionName", `Member must satisfy regular expression pattern: ${NAME_PATTERN}`);
  }
  if ((region ?? REGION) !== REGION || (account ?? ACCOUNT) !== ACCOUNT) {
    throw new AwsError("ResourceNotFoundException", `Function not found: ${text}`, 404);
  }
  if (within !== undefined && qualifier !== undefined && within !== qualifier) {
    throw invalidParameter(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  return { name, qualifier: within ?? qualifier };
}

/** For what belongs to a function as a whole. */
export function parseUnqualified(text: string): string {
  const { name, qualifier } = parseFunctionName(text);
  if (qualifier !== undefined) {
    throw invalidParameter(
      "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. " +
        "Please specify either a function name or an unqualified function ARN.",
    );
  }
  return name;
}

export function isVersion(qualifier: string): boolean {
  return /^[0-9]+$/.test(qualifier);
}
