import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../kernel/clock.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { inProcess, recordingDeadLetters, virtualKernel } from "../scheduler/testing.ts";
import type { HandlerContext } from "./define.ts";
import { createLambda, type Lambda } from "./index.ts";

interface Put {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number | undefined;
}

let client: LambdaClient;
let lambda: Lambda;
let kernel: Kernel;
let clock: VirtualClock;
let errors: unknown[];
let puts: Put[];
let letters: ReturnType<typeof recordingDeadLetters>["letters"];

beforeEach(() => {
  ({ kernel, clock, errors } = virtualKernel());
  puts = [];
  const dead = recordingDeadLetters();
  letters = dead.letters;
  const put = (
    _: string,
    name: string,
    dimensions: Put["dimensions"],
    datum: { values: { value: number }[] },
  ) => void puts.push({ name, dimensions, value: datum.values[0]?.value });
  lambda = createLambda(kernel, { metrics: { put: put as never }, deadLetters: dead.port });
  kernel.register(lambda.service);
  client = new LambdaClient(inProcess(kernel));
});

async function invoke(input: ConstructorParameters<typeof InvokeCommand>[0]) {
  const output = await client.send(new InvokeCommand(input));
  const text = output.Payload?.transformToString() ?? "";
  return { ...output, result: text === "" ? undefined : JSON.parse(text) };
}

const send = (payload: unknown) => Buffer.from(JSON.stringify(payload));

describe("a synchronous invocation", () => {
  it("answers with what the handler returns, and the version that ran", async () => {
    lambda.define("add", {
      code: (version) => async (event) => {
        const { a, b } = event as { a: number; b: number };
        return { sum: a + b, version };
      },
    });
    await client.send(new PublishVersionCommand({ FunctionName: "add" }));
    expect(await invoke({ FunctionName: "add:1", Payload: send({ a: 1, b: 2 }) })).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: "1",
      result: { sum: 3, version: "1" },
    });
  });

  it("passes only JSON: the handler gets a copy, and undefined becomes null", async () => {
    const payload = { list: [1] };
    lambda.define("tamper", {
      code: () => async (event) => void (event as { list: number[] }).list.push(2),
    });
    expect(await lambda.invoker.invoke("tamper", payload)).toMatchObject({ ok: true, payload: null });
    expect(payload).toEqual({ list: [1] });
  });

  it("tells of an error by its name, message and trace", async () => {
    class NotReady extends Error {
      override name = "NotReady";
    }
    lambda.define("fail", {
      code: () => async () => {
        throw new NotReady("come back later");
      },
    });
    const output = await invoke({ FunctionName: "fail" });
    expect(output.FunctionError).toBe("Unhandled");
    expect(output.result).toMatchObject({ errorType: "NotReady", errorMessage: "come back later" });
    expect(output.result.trace.length).toBeGreaterThan(1);
    expect(errors).toEqual([]);
  });

  it("times out on the engine's clock, and the handler that comes late changes nothing", async () => {
    let left = 0;
    lambda.define("slow", {
      timeoutSeconds: 3,
      code: () => async (_event, context: HandlerContext) => {
        left = context.getRemainingTimeInMillis();
        await kernel.sleep(10_000);
        return "too late";
      },
    });
    let outcome: unknown;
    kernel.activity.spawn(async () => {
      outcome = await lambda.invoker.invoke("slow", {});
    });
    await clock.advance(2_999);
    expect(outcome).toBeUndefined();
    await clock.advance(1);
    await clock.advance(60_000);
    expect(left).toBe(3_000);
    expect(outcome).toMatchObject({
      ok: false,
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: .* Error: Task timed out after 3\.00 seconds$/),
    });
    expect(errors).toEqual([]);
  });

  it("is tried without being run, refused without a function, and refused without JSON", async () => {
    let ran = 0;
    lambda.define("count", { code: () => async () => ++ran });
    expect((await invoke({ FunctionName: "count", InvocationType: "DryRun" })).StatusCode).toBe(204);
    expect(ran).toBe(0);
    await expect(invoke({ FunctionName: "nobody" })).rejects.toThrow(
      "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody",
    );
    await expect(invoke({ FunctionName: "count:live" })).rejects.toThrow("function:count:live");
    await expect(invoke({ FunctionName: "count", Payload: Buffer.from("{") })).rejects.toThrow(
      "Could not parse request body into json",
    );
    await expect(invoke({ FunctionName: "count", LogType: "Tail" })).rejects.toThrow("LogType Tail");
  });

  it("is throttled beyond the reserved concurrency", async () => {
    lambda.define("none", { metrics: "all", code: () => async () => null });
    await client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "none", ReservedConcurrentExecutions: 0 }),
    );
    await expect(invoke({ FunctionName: "none" })).rejects.toMatchObject({
      name: "TooManyRequestsException",
      $metadata: { httpStatusCode: 429 },
    });
    expect(puts.map(({ name }) => name)).toEqual(["Throttles", "Throttles"]);
  });

  it("leaves the account what is reserved for no function, of what its owner has been given", async () => {
    lambda.define("none", { metrics: "all", code: () => async () => null });
    const limits = async () => (await client.send(new GetAccountSettingsCommand({}))).AccountLimit;
    expect(await limits()).toMatchObject({
      ConcurrentExecutions: 1_000,
      UnreservedConcurrentExecutions: 1_000,
    });
    await client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "none", ReservedConcurrentExecutions: 30 }),
    );
    lambda.allow({ concurrency: 100 });
    expect(await limits()).toMatchObject({ ConcurrentExecutions: 100, UnreservedConcurrentExecutions: 70 });
    const reserved = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: "none" }));
    expect(reserved.ReservedConcurrentExecutions).toBe(30);
  });

  it("runs no code that is not here, and says where to put it", async () => {
    const Role = "arn:aws:iam::123456789012:role/any";
    const sent = client.send(new CreateFunctionCommand({ FunctionName: "elsewhere", Role, Code: {} }));
    await expect(sent).rejects.toThrow("register it with lambda.define");
  });
});

describe("metrics", () => {
  it("are by function, by resource and, of a split alias, by version", async () => {
    lambda.define("shop", {
      metrics: "all",
      code: () => async (_event, context) => context.reportDuration(42),
    });
    for (let at = 0; at < 2; at++) await client.send(new PublishVersionCommand({ FunctionName: "shop" }));
    const live = { FunctionName: "shop", Name: "live" };
    await client.send(new CreateAliasCommand({ ...live, FunctionVersion: "1" }));
    await invoke({ FunctionName: "shop:live" });
    expect(puts.filter(({ name }) => name === "Invocations").map(({ dimensions }) => dimensions)).toEqual([
      { FunctionName: "shop" },
      { FunctionName: "shop", Resource: "shop:live" },
    ]);
    expect(puts.filter(({ name }) => name === "Duration").map(({ value }) => value)).toEqual([42, 42]);
    puts.length = 0;
    const RoutingConfig = { AdditionalVersionWeights: { 2: 1 } };
    await client.send(new UpdateAliasCommand({ ...live, RoutingConfig }));
    await invoke({ FunctionName: "shop:live" });
    expect(puts.filter(({ name }) => name === "Errors")).toContainEqual({
      name: "Errors",
      dimensions: { FunctionName: "shop", Resource: "shop:live", ExecutedVersion: "2" },
      value: 0,
    });
  });

  it("are not kept of functions that did not ask for them", async () => {
    lambda.define("quiet", { code: () => async () => null });
    await invoke({ FunctionName: "quiet" });
    expect(puts).toEqual([]);
  });
});

describe("an asynchronous invocation", () => {
  it("is tried again after one and two minutes, then goes to the dead letters", async () => {
    const tries: number[] = [];
    const began = clock.now();
    lambda.define("never", {
      onFailure: "arn:aws:sqs:us-east-1:123456789012:failed",
      code: () => async () => {
        tries.push((clock.now() - began) / 60_000);
        throw new TypeError("no");
      },
    });
    const output = await invoke({ FunctionName: "never", InvocationType: "Event", Payload: send({ n: 1 }) });
    expect(output.StatusCode).toBe(202);
    await clock.advance(3_600_000);
    expect(tries).toEqual([0, 1, 3]);
    expect(lambda.openInvocations).toBe(0);
    expect(letters).toMatchObject([
      {
        queueArn: "arn:aws:sqs:us-east-1:123456789012:failed",
        body: { n: 1 },
        attributes: { ErrorCode: "200", ErrorMessage: "no" },
      },
    ]);
  });

  it("waits out a throttle, which is none of its own errors", async () => {
    let ran = 0;
    lambda.define("busy", { code: () => async () => ++ran });
    const concurrency = { FunctionName: "busy" };
    await kernel.call("lambda", "PutFunctionConcurrency", {
      ...concurrency,
      ReservedConcurrentExecutions: 0,
    });
    lambda.invoker.invokeLater("busy", {});
    await clock.advance(600_000);
    expect(ran).toBe(0);
    await kernel.call("lambda", "DeleteFunctionConcurrency", concurrency);
    await clock.advance(600_000);
    expect(ran).toBe(1);
    expect(letters).toEqual([]);
  });

  it("of a function that is not there is refused at once", () => {
    expect(() => lambda.invoker.invokeLater("nobody", {})).toThrow("Function not found");
  });
});
