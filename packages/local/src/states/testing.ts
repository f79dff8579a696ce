import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { VirtualClock } from "../kernel/clock.ts";
import { inProcessHandler } from "../kernel/in-process.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { FunctionInvoker, InvokeResult, ServiceEvent } from "../kernel/ports.ts";
import { seededRandom } from "../kernel/random.ts";
import { type EngineStore, memoryStore } from "../kernel/store.ts";
import { AwsError, type Service } from "../kernel/wire.ts";
import { createStates } from "./index.ts";

export const NOON = Date.UTC(2026, 10, 2, 12);
export const ROLE = "arn:aws:iam::123456789012:role/workflows";
export const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:";

export interface Invocation {
  readonly at: number;
  readonly target: string;
  readonly payload: unknown;
}

/** A function of a test; what it throws is what a Lambda function throws. */
export type TestFunction = (payload: never, invocation: Invocation) => unknown;

export interface WorldOptions {
  readonly functions?: Readonly<Record<string, TestFunction>>;
  readonly store?: EngineStore;
  readonly start?: number;
  readonly seed?: number;
  readonly putEvents?: (input: unknown) => unknown;
}

/** An engine with Step Functions in it, on a virtual clock, and an SDK client that speaks to it. */
export function world(options: WorldOptions = {}) {
  const errors: unknown[] = [];
  let idle = async () => {};
  const clock = new VirtualClock(options.start ?? NOON, () => idle());
  const kernel = new Kernel({
    clock,
    store: options.store ?? memoryStore(),
    random: seededRandom(options.seed ?? 1),
    onError: (error) => errors.push(error),
  });
  idle = () => kernel.activity.idle();
  const invocations: Invocation[] = [];
  const events: ServiceEvent[] = [];
  const states = createStates(kernel, {
    functions: invoker(options.functions ?? {}, invocations, () => clock.now()),
    events: { put: (event) => events.push(event) },
  });
  kernel.register(states.service);
  if (options.putEvents !== undefined) kernel.register(eventsService(options.putEvents));
  const client = new SFNClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: inProcessHandler(kernel),
    maxAttempts: 1,
  });
  return { kernel, clock, client, states, invocations, events, errors };
}

export type World = ReturnType<typeof world>;

function invoker(
  functions: Readonly<Record<string, TestFunction>>,
  invocations: Invocation[],
  now: () => number,
): FunctionInvoker {
  return {
    async invoke(target, payload): Promise<InvokeResult> {
      const name = target.split(":function:").at(-1) ?? target;
      const run = functions[name];
      if (run === undefined)
        throw new AwsError("ResourceNotFoundException", `Function not found: ${target}`, 404);
      const invocation = { at: now(), target, payload };
      invocations.push(invocation);
      try {
        // As over the wire: what comes back is JSON.
        const result: unknown = JSON.parse(JSON.stringify((await run(payload as never, invocation)) ?? null));
        return { ok: true, payload: result, executedVersion: "$LATEST" };
      } catch (error) {
        if (error instanceof AwsError) throw error;
        const { name: errorType, message: errorMessage } = error as Error;
        return { ok: false, errorType, errorMessage, trace: [], executedVersion: "$LATEST" };
      }
    },
    invokeLater() {
      throw new Error("Step Functions never invokes asynchronously");
    },
  };
}

function eventsService(putEvents: (input: unknown) => unknown): Service {
  return {
    name: "events",
    operations: { PutEvents: putEvents },
    match: () => undefined,
    encode: () => ({ status: 200, headers: {}, body: new Uint8Array() }),
    encodeError: () => ({ status: 400, headers: {}, body: new Uint8Array() }),
  };
}

export function errorNamed(name: string, message = ""): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** A machine of JSONata states. */
export function machine(states: object, more: object = {}): string {
  return JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: Object.keys(states)[0],
    States: states,
    ...more,
  });
}

let made = 0;

/** Creates the machine and returns its ARN. */
export async function create(w: World, definition: string, name = `machine-${++made}`): Promise<string> {
  const input = { name, definition, roleArn: ROLE };
  const { stateMachineArn } = await w.client.send(new CreateStateMachineCommand(input));
  return stateMachineArn ?? "";
}

/** Creates the machine and starts it; it has not begun when this returns. */
export async function start(
  w: World,
  definition: string,
  input: unknown = {},
  name?: string,
): Promise<string> {
  const stateMachineArn = await create(w, definition);
  const { executionArn } = await w.client.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), ...(name ? { name } : {}) }),
  );
  return executionArn ?? "";
}

/** Runs a machine to its end, however long that takes on the virtual clock. */
export async function run(w: World, definition: string, input: unknown = {}) {
  const arn = await start(w, definition, input);
  await w.clock.runUntil(async () => (await describe(w, arn)).status !== "RUNNING", Number.POSITIVE_INFINITY);
  const described = await describe(w, arn);
  const output: unknown = described.output === undefined ? undefined : JSON.parse(described.output);
  return { ...described, arn, output, seconds: (w.clock.now() - NOON) / 1000 };
}

export async function describe(w: World, executionArn: string) {
  return await w.client.send(new DescribeExecutionCommand({ executionArn }));
}

export async function history(w: World, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await w.client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken ? { nextToken } : {}) }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

/** `id < previous: type`, one line an event. */
export async function outline(w: World, executionArn: string): Promise<string[]> {
  return (await history(w, executionArn)).map(
    ({ id, previousEventId, type }) => `${id} < ${previousEventId}: ${type}`,
  );
}

/** Bytes on the heap that are in use, nothing that could be freed counted. */
export function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
