import { caller } from "../kernel/caller.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { InvokeResult, MetricSink } from "../kernel/ports.ts";
import type { Concurrency } from "./concurrency.ts";
import type { Definitions, HandlerContext } from "./define.ts";
import { functionArn, throttled } from "./errors.ts";
import { measure, measureCounts, measureThrottle } from "./measure.ts";
import { LATEST } from "./model.ts";
import { type Route, resolve } from "./resolve.ts";
import type { LambdaTables } from "./tables.ts";

export interface RunParts {
  readonly tables: LambdaTables;
  readonly definitions: Definitions;
  readonly concurrency: Concurrency;
  readonly metrics: MetricSink;
}

/** What a request carries besides its payload. */
export interface RunRequest {
  readonly target: string;
  readonly qualifier?: string | undefined;
  readonly requestId: string;
}

/**
 * Runs functions in this process. They get a copy of their input and give a copy of their output, so that
 * nothing but JSON passes, as between machines. A handler that has timed out cannot be stopped in here: its
 * caller goes on without it, and what it still does is as a late answer of a frozen sandbox.
 */
export class Runs {
  #kernel: Kernel;
  #parts: RunParts;

  constructor(kernel: Kernel, parts: RunParts) {
    this.#kernel = kernel;
    this.#parts = parts;
  }

  /** Where the next request would go; throws when nowhere. */
  resolve(target: string, qualifier?: string): Route {
    return resolve(this.#parts.tables, this.#kernel.random, target, qualifier);
  }

  /** Throws AwsError for what keeps the function from running; what goes wrong inside it is the result. */
  async run(request: RunRequest, payload: unknown): Promise<InvokeResult> {
    const { definitions, concurrency, metrics } = this.#parts;
    const route = this.resolve(request.target, request.qualifier);
    const definition = definitions.get(route.name);
    const leave = concurrency.enter(route.name);
    if (leave === undefined) {
      if (definition.metrics === "all") measureThrottle(metrics, route);
      throw throttled();
    }
    const startedAt = this.#kernel.clock.now();
    let reported: number | undefined;
    try {
      const result = await this.#handle(route, request.requestId, payload, (ms) => {
        reported = ms;
      });
      if (definition.metrics === "counts") measureCounts(metrics, { route, failed: !result.ok });
      if (definition.metrics === "all") {
        const durationMs = reported ?? this.#kernel.clock.now() - startedAt;
        measure(metrics, { route, failed: !result.ok, durationMs });
      }
      return result;
    } finally {
      leave();
    }
  }

  #handle(
    route: Route,
    requestId: string,
    payload: unknown,
    reportDuration: (ms: number) => void,
  ): Promise<InvokeResult> {
    const { clock, activity } = this.#kernel;
    const seconds = this.#timeoutSeconds(route);
    const deadline = clock.now() + seconds * 1000;
    const executedVersion = route.version;
    const context: HandlerContext = {
      awsRequestId: requestId,
      functionName: route.name,
      functionVersion: executedVersion,
      invokedFunctionArn: functionArn(route.name, route.qualifier),
      getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
      reportDuration,
    };
    return new Promise((settle) => {
      const timer = clock.at(deadline, () =>
        settle({
          ok: false,
          errorType: "Sandbox.Timedout",
          errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
          trace: [],
          executedVersion,
        }),
      );
      activity.spawn(async () => {
        try {
          const handler = this.#parts.definitions.handler(route.name, executedVersion);
          const output = await caller.run(route.name, () => handler(copy(payload), context));
          settle({ ok: true, payload: copy(output), executedVersion });
        } catch (error) {
          settle({ ok: false, ...described(error), executedVersion });
        } finally {
          timer.cancel();
        }
      });
    });
  }

  #timeoutSeconds(route: Route): number {
    const { tables, definitions } = this.#parts;
    const config =
      route.version === LATEST
        ? tables.find(route.name)?.config
        : tables.findVersion(route.name, route.version)?.config;
    return config?.timeoutSeconds ?? definitions.timeoutSeconds(route.name);
  }
}

/** JSON there and back. A function that returns nothing returns null. */
function copy(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as unknown);
}

/** As the Node.js runtime reports what was thrown. */
function described(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n").map((line) => line.trim()),
  };
}
