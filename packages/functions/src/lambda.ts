import type { Problem } from "@gonogo/core/kit/problem";
import middy from "@middy/core";
import type { z } from "zod";
import type { Base, Runtime } from "./runtime.ts";

/** What a function is called with by Lambda, as far as it is used here. */
export type LambdaHandler = (event: unknown, context?: unknown) => Promise<unknown>;

/** A function without its runtime: one process makes it with AWS, another with the embedded engine. */
export type LambdaFactory<Needed = Runtime> = (runtime: Needed) => LambdaHandler;

/**
 * A Lambda function: its input is checked by a schema and its failure is logged and thrown on, since whoever
 * called it (Step Functions, EventBridge, a stream) decides whether to try again.
 */
export function lambda<Input, Output, Needed extends Base>(
  name: string,
  schema: z.ZodType<Input>,
  run: (runtime: Needed, input: Input) => Promise<Output>,
): LambdaFactory<Needed> {
  return (runtime) => {
    const handler = middy()
      .use(validated(name, schema))
      .use(logged(name, runtime))
      .handler(async (event: unknown) => await run(runtime, event as Input));
    return (event, context) => handler(event as never, (context ?? {}) as never) as Promise<unknown>;
  };
}

/** Thrown for an event that is not what the function takes: a mistake in the wiring, not in the release. */
export class UnexpectedEvent extends Error {
  readonly problems: readonly Pick<Problem, "message">[];
  constructor(name: string, problems: readonly { readonly path: string; readonly message: string }[]) {
    super(`${name}: ${problems.map(({ path, message }) => `${path || "the event"}: ${message}`).join("; ")}`);
    this.name = "UnexpectedEvent";
    this.problems = problems;
  }
}

function validated<Input>(name: string, schema: z.ZodType<Input>): middy.MiddlewareObj {
  return {
    before: (request) => {
      const result = schema.safeParse(request.event);
      if (!result.success) {
        const problems = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
        throw new UnexpectedEvent(name, problems);
      }
      request.event = result.data as typeof request.event;
    },
  };
}

function logged(name: string, runtime: Base): middy.MiddlewareObj {
  return {
    onError: ({ error }) => {
      runtime.log.error(`${name} failed`, {
        error: error?.message ?? "unknown",
        kind: error?.name ?? "Error",
      });
    },
  };
}
