import { type AwsConfig, STEADY } from "@gonogo/adapters/aws/config";
import type { FunctionName } from "../deployment.ts";
import type { Base, Log, Runtime, Using } from "../runtime.ts";
import { type PartOf, variablesOf } from "./needs.ts";
import { type Environment, readSettings, type Variable } from "./settings.ts";
import { systemClock } from "./system-clock.ts";

/** What the parts of a runtime are made from. */
export interface Process {
  readonly environment: Environment;
  readonly settings: Readonly<Record<Variable, string>>;
  /** For everything but DynamoDB, which has less time. */
  readonly aws: AwsConfig;
  readonly base: Base;
}

/** The runtime of one function: what everything has, and the parts that needs.ts says it has. */
export type RuntimeOf<N extends FunctionName> = Using<Extract<PartOf<N>, keyof Runtime>>;

/** How each of those parts is made. An entry imports these and no others: that keeps its bundle small. */
export type Makers<N extends FunctionName> = {
  readonly [P in Extract<PartOf<N>, keyof Runtime>]: (process: Process) => Runtime[P];
};

/**
 * A function's runtime. Its variables are read at once; each part is made when it is first used. Throws
 * WrongEnvironment when a variable is missing or wrong.
 */
export function runtimeOf<N extends FunctionName>(
  name: N,
  makers: Makers<N>,
  environment: Environment,
  log: Log,
): { readonly runtime: RuntimeOf<N>; readonly process: Process } {
  const names: Variable[] = ["AWS_REGION", ...variablesOf(name)];
  const settings = readSettings(names, environment) as Process["settings"];
  const base: Base = { clock: systemClock, newId: () => crypto.randomUUID(), newSalt, log };
  const process: Process = {
    environment,
    settings,
    aws: { region: settings.AWS_REGION, ...STEADY },
    base,
  };
  const made: object = { ...base };
  const parts = Object.entries(makers) as [string, (process: Process) => unknown][];
  for (const [part, make] of parts) defineLazily(made, part, () => make(process));
  return { runtime: made as RuntimeOf<N>, process };
}

function newSalt(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}

/** A member that is made at its first use and kept. One that could not be made is tried again. */
export function defineLazily(on: object, name: string, make: () => unknown): void {
  Object.defineProperty(on, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      const value = make();
      Object.defineProperty(on, name, { value, enumerable: true });
      return value;
    },
  });
}
