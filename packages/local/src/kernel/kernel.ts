import { Activity } from "./activity.ts";
import { caller } from "./caller.ts";
import type { EngineClock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { EngineStore } from "./store.ts";
import { AwsError, type AwsRequest, type AwsResponse, type Service } from "./wire.ts";

/** One API call on its way into the engine, as a fault may see it. */
export interface ApiCall {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  /** The function that calls; undefined for anybody outside of every function. */
  readonly by?: string | undefined;
}

/**
 * Stands between a caller and the engine. May answer with an error before `proceed`, let the work be done
 * and then lose the answer, or do it twice: all that a network does.
 */
export type Fault = (call: ApiCall, proceed: () => Promise<AwsResponse>) => Promise<AwsResponse>;

/** What all parts of the engine share. */
export interface KernelOptions {
  clock: EngineClock;
  store: EngineStore;
  random: Random;
  /** Told of failures that nobody waits for: a broken timer, a delivery that threw. */
  onError?: (error: unknown) => void;
}

/**
 * The middle of the embedded engine: its clock, its store, its chance, and the way from an API call to the
 * part that answers it. Parts reach one another through `call`, as services do, or through the small
 * interfaces that they hand each other at assembly (see engine.ts).
 */
export class Kernel {
  readonly clock: EngineClock;
  readonly store: EngineStore;
  readonly random: Random;
  readonly activity: Activity;
  fault: Fault | undefined;
  #services: Service[] = [];

  constructor(options: KernelOptions) {
    this.clock = options.clock;
    this.store = options.store;
    this.random = options.random;
    this.activity = new Activity(options.onError ?? ((error) => console.error("engine:", error)));
  }

  /** Waits on the engine's clock. Only for work begun through `activity.spawn`. */
  sleep(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    return this.activity.parked(new Promise<void>((resolve) => void this.clock.at(until, resolve)));
  }

  register(service: Service): void {
    this.#services.push(service);
  }

  service(name: string): Service | undefined {
    return this.#services.find((service) => service.name === name);
  }

  /** Calls an operation inside the engine, past the wire and past any fault. Throws AwsError. */
  async call(service: string, operation: string, input: unknown): Promise<unknown> {
    const found = this.service(service);
    const run = found?.operations[operation];
    if (run === undefined) throw unknownOperation(service, operation);
    return await run(input);
  }

  /** Answers one API request. Never throws: what goes wrong is an AWS error in the service's own form. */
  async dispatch(request: AwsRequest): Promise<AwsResponse> {
    for (const service of this.#services) {
      try {
        const match = service.match(request);
        if (match === undefined) continue;
        const proceed = () => this.#answer(service, match.operation, match.input);
        if (this.fault === undefined) return await proceed();
        return await this.fault({ service: service.name, ...match, by: caller.getStore() }, proceed);
      } catch (error) {
        return service.encodeError(asAwsError(error));
      }
    }
    const target = request.headers["x-amz-target"] ?? `${request.method} ${request.path}`;
    const body = {
      __type: "UnknownOperationException",
      message: `the embedded engine does not serve ${target}`,
    };
    return {
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": body.__type },
      body: new TextEncoder().encode(JSON.stringify(body)),
    };
  }

  async #answer(service: Service, operation: string, input: unknown): Promise<AwsResponse> {
    try {
      const run = service.operations[operation];
      if (run === undefined) throw unknownOperation(service.name, operation);
      return service.encode(operation, await run(input));
    } catch (error) {
      return service.encodeError(asAwsError(error));
    }
  }
}

function unknownOperation(service: string, operation: string): AwsError {
  return new AwsError(
    "UnknownOperationException",
    `the embedded engine does not serve ${service}:${operation}; docs/architecture.md lists what it does`,
  );
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError("InternalFailure", error instanceof Error ? error.message : String(error), 500);
}
