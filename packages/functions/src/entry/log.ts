import { Logger } from "@aws-lambda-powertools/logger";
import type { FunctionName } from "../deployment.ts";
import type { Log } from "../runtime.ts";
import { redact, redactText } from "./redact.ts";

/**
 * The log of a function on Lambda: a JSON object a line, on standard output, with secrets taken out. Events
 * are never logged; POWERTOOLS_LOG_LEVEL says how much else is.
 * https://docs.powertools.aws.dev/lambda/typescript/latest/features/logger/
 */
export function lambdaLog(name: FunctionName): Log {
  let logger: Logger | undefined;
  const write = (level: "info" | "warn" | "error") => (message: string, about?: Record<string, unknown>) => {
    logger ??= new Logger({ serviceName: "gonogo", persistentKeys: { function: name } });
    const text = redactText(message);
    if (about === undefined) logger[level](text);
    else logger[level](text, { about: redact(about) as Record<string, unknown> });
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
