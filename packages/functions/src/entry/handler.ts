import type { FunctionName } from "../deployment.ts";
import type { LambdaHandler } from "../lambda.ts";
import { lambdaLog } from "./log.ts";
import { type Makers, type Process, type RuntimeOf, runtimeOf } from "./runtime.ts";

/** A function without its runtime; the API also looks at what its runtime is made from. */
export type Factory<N extends FunctionName> = (runtime: RuntimeOf<N>, process: Process) => LambdaHandler;

/**
 * What Lambda calls: a function on a runtime of its own, made at the first event, so that a wrong environment
 * is said in the log in words. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function handlerOf<N extends FunctionName>(
  name: N,
  factory: Factory<N>,
  makers: Makers<N>,
): LambdaHandler {
  const log = lambdaLog(name);
  let handler: LambdaHandler | undefined;
  return async (event, context) => {
    handler ??= make(name, factory, makers, log);
    return await handler(event, context);
  };
}

function make<N extends FunctionName>(
  name: N,
  factory: Factory<N>,
  makers: Makers<N>,
  log: ReturnType<typeof lambdaLog>,
): LambdaHandler {
  try {
    const { runtime, process: made } = runtimeOf(name, makers, process.env, log);
    return factory(runtime, made);
  } catch (error) {
    log.error(`${name} cannot work`, { error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
