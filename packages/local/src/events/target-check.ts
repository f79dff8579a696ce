import {
  deadLetterQueue,
  type Input,
  invalid,
  isObject,
  optionalObject,
  optionalText,
  refuseOthers,
  retrySettings,
  text,
} from "../kernel/checks.ts";
import { predefinedVariables } from "./input.ts";
import { parsePath } from "./json-path.ts";
import type { TargetRecord } from "./model.ts";
import { isWellFormed, parseTemplate, variablesOf } from "./template.ts";

const served = [
  "Id",
  "Arn",
  "RoleArn",
  "Input",
  "InputPath",
  "InputTransformer",
  "DeadLetterConfig",
  "RetryPolicy",
];

type Kind = "function" | "machine" | "bus";

/** Reads one target of PutTargets, or says why not. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html */
export function readTarget(value: unknown): TargetRecord {
  if (!isObject(value)) throw invalid("Each of Targets must be an object.");
  const id = text(value, "Id", { min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ });
  const where = `Target ${id}`;
  refuseOthers(where, value, served);
  const arn = text(value, "Arn", { min: 1, max: 1600 });
  const kind = kindOf(arn);
  if (kind === undefined) {
    throw invalid(
      `${where}: ${arn} is not supported by the embedded engine (supported: Lambda functions, state machines, event buses).`,
    );
  }
  const role = optionalText(value, "RoleArn", { min: 1, max: 1600 });
  if (kind === "machine" && role === undefined) throw invalid(`RoleArn is required for target ${arn}.`);
  const queue = deadLetterQueue(where, value);
  const retries = retrySettings(where, value);
  return {
    Id: id,
    Arn: arn,
    ...(role === undefined ? {} : { RoleArn: role }),
    ...readInput(value, id, kind),
    ...(queue === undefined ? {} : { DeadLetterConfig: { Arn: queue } }),
    ...(retries === undefined ? {} : { RetryPolicy: retries }),
  };
}

export function kindOf(arn: string): Kind | undefined {
  if (/^arn:aws:lambda:[^:]+:\d+:function:[^:\s]+(:[^:\s]+)?$/.test(arn)) return "function";
  if (/^arn:aws:states:[^:]+:\d+:stateMachine:[^:\s]+(:[^:\s]+)?$/.test(arn)) return "machine";
  if (/^arn:aws:events:[^:]+:\d+:event-bus\/[^:\s]+$/.test(arn)) return "bus";
  return undefined;
}

type Transformation = Pick<TargetRecord, "Input" | "InputPath" | "InputTransformer">;

function readInput(value: Input, id: string, kind: Kind): Transformation {
  const input = optionalText(value, "Input", { max: 8192 });
  const path = optionalText(value, "InputPath", { max: 256 });
  const transformer = optionalObject(value, "InputTransformer");
  const given = [input, path, transformer].filter((one) => one !== undefined).length;
  if (given > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  }
  if (given > 0 && kind === "bus") {
    throw invalid(
      `Target ${id}: Input, InputPath and InputTransformer are not supported for an event bus by the embedded engine.`,
    );
  }
  if (input !== undefined) return { Input: checkJson(input, id) };
  if (path !== undefined) return { InputPath: checkPath(path, `InputPath for target ${id}`) };
  return transformer === undefined ? {} : { InputTransformer: readTransformer(transformer, id) };
}

function readTransformer(transformer: Input, id: string): NonNullable<TargetRecord["InputTransformer"]> {
  refuseOthers(`Target ${id}: InputTransformer`, transformer, ["InputPathsMap", "InputTemplate"]);
  const paths: Record<string, string> = {};
  for (const [name, path] of Object.entries(optionalObject(transformer, "InputPathsMap") ?? {})) {
    if (name.startsWith("AWS") || (predefinedVariables as readonly string[]).includes(name)) {
      throw invalid(`InputPathsMap for target ${id}: the name ${name} is reserved.`);
    }
    paths[name] = checkPath(path, `InputPathsMap for target ${id}: ${name}`);
  }
  if (Object.keys(paths).length > 100) throw invalid(`InputPathsMap for target ${id}: at most 100 entries.`);
  const source = text(transformer, "InputTemplate", { min: 1, max: 8192 });
  const template = parseTemplate(source);
  const known = [...predefinedVariables, ...Object.keys(paths)];
  const unknown = variablesOf(template).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`);
  }
  // AWS lets several quoted lines pass here; no target that the engine serves could take them.
  if (!isWellFormed(template)) {
    throw invalid(`Invalid InputTemplate for target ${id} : it is not one JSON value: ${source}`);
  }
  return Object.keys(paths).length === 0
    ? { InputTemplate: source }
    : { InputPathsMap: paths, InputTemplate: source };
}

function checkJson(input: string, id: string): string {
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`JSON syntax error in input for target ${id} : ${reason}`);
  }
}

function checkPath(path: unknown, where: string): string {
  if (typeof path === "string" && parsePath(path) !== undefined) return path;
  throw invalid(
    `Invalid ${where} : "${String(path)}" is not a path in dot notation ($.detail.state, with [0] and *).`,
  );
}
