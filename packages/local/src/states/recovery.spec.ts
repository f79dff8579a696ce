import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
} from "@aws-sdk/client-sfn";
import fc from "fast-check";
import { expect, describe as group, it } from "vitest";
import type { Retrier } from "./asl.ts";
import { retryDelay } from "./retry.ts";
import {
  create,
  describe,
  errorNamed,
  history,
  machine,
  NOON,
  outline,
  run,
  start,
  type TestFunction,
  world,
} from "./testing.ts";

const task = (more: object = {}, resource = "invoke") => ({
  Type: "Task",
  Resource: `arn:aws:states:::lambda:${resource}`,
  Arguments: { FunctionName: "f", Payload: {} },
  Output: "{% $states.result.Payload %}",
  End: true,
  ...more,
});

/** Fails with each of these names in turn, then succeeds. */
function failing(...names: string[]): TestFunction {
  return () => {
    const name = names.shift();
    if (name !== undefined) throw errorNamed(name);
    return "ok";
  };
}

group("Retry", () => {
  it("waits one, two and four seconds by default, and then gives up", async () => {
    const w = world({ functions: { f: failing("A", "A", "A", "A") } });
    const result = await run(w, machine({ T: task({ Retry: [{ ErrorEquals: ["A"] }] }) }));
    expect(result).toMatchObject({ status: "FAILED", error: "A", seconds: 7 });
    expect(w.invocations.map(({ at }) => (at - NOON) / 1000)).toEqual([0, 1, 3, 7]);
  });

  it("counts each retrier for itself (the guide's own example)", async () => {
    const w = world({ functions: { f: failing("ErrorA", "ErrorB", "ErrorC", "ErrorB") } });
    const Retry = [
      { ErrorEquals: ["ErrorA", "ErrorB"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ["ErrorC"], IntervalSeconds: 5 },
    ];
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Z", Output: "{% $states.errorOutput.Error %}" }];
    const result = await run(w, machine({ T: task({ Retry, Catch }), Z: { Type: "Pass", End: true } }));
    expect(result).toMatchObject({ status: "SUCCEEDED", output: "ErrorB", seconds: 8 });
  });

  it("tells the function how often it was retried", async () => {
    const seen: unknown[] = [];
    const fail = failing("A", "A");
    const f: TestFunction = (payload, invocation) => {
      seen.push(payload);
      return fail(payload, invocation);
    };
    const Arguments = { FunctionName: "f", Payload: "{% $states.context.State.RetryCount %}" };
    await run(
      world({ functions: { f } }),
      machine({ T: task({ Arguments, Retry: [{ ErrorEquals: ["A"] }] }) }),
    );
    expect(seen).toEqual([0, 1, 2]);
  });

  it("schedules the task again, without leaving the state", async () => {
    const w = world({ functions: { f: failing("A") } });
    const { arn } = await run(w, machine({ T: task({ Retry: [{ ErrorEquals: ["States.TaskFailed"] }] }) }));
    expect(await outline(w, arn)).toEqual([
      "1 < 0: ExecutionStarted",
      "2 < 0: TaskStateEntered",
      "3 < 2: TaskScheduled",
      "4 < 3: TaskStarted",
      "5 < 4: TaskFailed",
      "6 < 5: TaskScheduled",
      "7 < 6: TaskStarted",
      "8 < 7: TaskSucceeded",
      "9 < 8: TaskStateExited",
      "10 < 9: ExecutionSucceeded",
    ]);
  });

  it("begins a Parallel anew, with everything in it", async () => {
    const w = world({ functions: { f: failing("A") } });
    const Branches = [
      { StartAt: "T", States: { T: task() } },
      { StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, End: true } } },
    ];
    const states = {
      P: { Type: "Parallel", Branches, Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 3 }], End: true },
    };
    const result = await run(w, machine(states));
    expect(result).toMatchObject({ status: "SUCCEEDED", output: ["ok", {}], seconds: 103 });
    expect((await outline(w, result.arn)).slice(2, 12)).toEqual([
      "3 < 2: ParallelStateStarted",
      "4 < 3: TaskStateEntered",
      "5 < 4: TaskScheduled",
      "6 < 3: WaitStateEntered",
      "7 < 5: TaskStarted",
      "8 < 7: TaskFailed",
      "9 < 8: TaskStateAborted",
      "10 < 8: WaitStateAborted",
      "11 < 8: ParallelStateStarted",
      "12 < 11: TaskStateEntered",
    ]);
  });

  it("never waits longer than MaxDelaySeconds, nor shorter than it says", () => {
    const retriers: fc.Arbitrary<Retrier> = fc.record(
      {
        ErrorEquals: fc.constant(["A"]),
        IntervalSeconds: fc.integer({ min: 1, max: 10_000 }),
        BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
        MaxDelaySeconds: fc.integer({ min: 1, max: 100_000 }),
        JitterStrategy: fc.constantFrom("FULL" as const, "NONE" as const),
      },
      { requiredKeys: ["ErrorEquals"] },
    );
    fc.assert(
      fc.property(
        retriers,
        fc.nat(200),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retrier, n, chance) => {
          const delay = retryDelay(retrier, n, () => chance);
          const most = (retrier.MaxDelaySeconds ?? 99_999_999) * 1000;
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(most);
          if (retrier.JitterStrategy !== "FULL") {
            const before = n === 0 ? 0 : retryDelay(retrier, n - 1, () => chance);
            expect(delay).toBeGreaterThanOrEqual(before);
            if (n === 0) expect(delay).toBe(Math.min((retrier.IntervalSeconds ?? 1) * 1000, most));
          }
        },
      ),
    );
  });
});

group("time-outs", () => {
  const never = () => new Promise(() => {});
  /** A function that takes this many seconds of the engine's time. */
  const slow =
    (seconds: number, w: { sleep?: (ms: number) => Promise<void> }): TestFunction =>
    async () => {
      await w.sleep?.(seconds * 1000);
      return "late";
    };

  function slowWorld(seconds: number) {
    const late: { sleep?: (ms: number) => Promise<void> } = {};
    const w = world({ functions: { f: slow(seconds, late) } });
    late.sleep = (ms) => w.kernel.sleep(ms);
    return w;
  }

  it("ends a task that takes too long, and does not hear its late answer", async () => {
    const w = slowWorld(30);
    const Catch = [{ ErrorEquals: ["States.Timeout"], Next: "W", Output: "{% $states.errorOutput %}" }];
    const result = await run(
      w,
      machine({ T: task({ TimeoutSeconds: 10, Catch }), W: { Type: "Wait", Seconds: 60, End: true } }),
    );
    expect(result).toMatchObject({
      status: "SUCCEEDED",
      output: { Error: "States.Timeout", Cause: "" },
      seconds: 70,
    });
    expect(await outline(w, result.arn)).toContain("5 < 4: TaskTimedOut");
  });

  it("takes TimeoutSeconds from an expression, and says it in the history", async () => {
    const w = slowWorld(3);
    const { arn, status } = await run(w, machine({ T: task({ TimeoutSeconds: "{% $states.input.t %}" }) }), {
      t: 5,
    });
    expect(status).toBe("SUCCEEDED");
    const [, , scheduled] = await history(w, arn);
    expect(scheduled?.taskScheduledEventDetails?.timeoutInSeconds).toBe(5);
  });

  it.each([
    ["States.TaskFailed", "FAILED"],
    ["States.Timeout", "SUCCEEDED"],
    ["States.HeartbeatTimeout", "FAILED"],
    ["States.ALL", "SUCCEEDED"],
  ])("%s does or does not match a time-out: %s", async (name, status) => {
    const Catch = [{ ErrorEquals: [name], Next: "S" }];
    const w = slowWorld(30);
    expect(
      await run(w, machine({ T: task({ TimeoutSeconds: 10, Catch }), S: { Type: "Succeed" } })),
    ).toMatchObject({ status });
  });

  it("ends the execution at the machine's own TimeoutSeconds", async () => {
    const w = world({ functions: { f: never } });
    const arn = await start(
      w,
      machine({ W: { Type: "Wait", Seconds: 100, End: true } }, { TimeoutSeconds: 40 }),
    );
    await w.clock.advance(39_999);
    expect((await describe(w, arn)).status).toBe("RUNNING");
    await w.clock.advance(1);
    expect(await describe(w, arn)).toMatchObject({ status: "TIMED_OUT", stopDate: new Date(NOON + 40_000) });
    expect((await history(w, arn)).at(-1)?.type).toBe("ExecutionTimedOut");
  });
});

group("task tokens", () => {
  const waiting = (more: object = {}) =>
    machine({
      Ask: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
        End: true,
        ...more,
      },
    });

  function asked(more: object = {}) {
    const tokens: string[] = [];
    const w = world({ functions: { ask: ({ token }: { token: string }) => void tokens.push(token) } });
    return { w, tokens, arn: start(w, waiting(more)) };
  }

  async function ready(more: object = {}) {
    const { w, tokens, arn } = asked(more);
    const executionArn = await arn;
    await w.clock.advance(0);
    return { w, arn: executionArn, taskToken: tokens[0] ?? "", tokens };
  }

  it("wait for as long as it takes, and give the answer as the result", async () => {
    const { w, arn, taskToken } = await ready();
    await w.clock.advance(200 * 86_400_000);
    expect((await describe(w, arn)).status).toBe("RUNNING");
    await w.client.send(new SendTaskSuccessCommand({ taskToken, output: '{"go":true}' }));
    expect(await describe(w, arn)).toMatchObject({ status: "SUCCEEDED", output: '{"go":true}' });
    expect(await outline(w, arn)).toEqual([
      "1 < 0: ExecutionStarted",
      "2 < 0: TaskStateEntered",
      "3 < 2: TaskScheduled",
      "4 < 3: TaskStarted",
      "5 < 4: TaskSubmitted",
      "6 < 5: TaskSucceeded",
      "7 < 6: TaskStateExited",
      "8 < 7: ExecutionSucceeded",
    ]);
  });

  it("may be answered before the call that handed them out returns", async () => {
    const w = world({
      functions: {
        ask: async ({ token }: { token: string }) => {
          await w.client.send(new SendTaskSuccessCommand({ taskToken: token, output: "1" }));
          return "too late to be submitted";
        },
      },
    });
    expect(await run(w, waiting())).toMatchObject({ status: "SUCCEEDED", output: 1 });
  });

  it("are answered once: the second answer is refused", async () => {
    const { w, arn, taskToken } = await ready();
    const send = (output: string) => w.client.send(new SendTaskSuccessCommand({ taskToken, output }));
    const answers = await Promise.allSettled([send("1"), send("2")]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect((await describe(w, arn)).output).toBe("1");
    await expect(send("3")).rejects.toMatchObject({ name: "TaskTimedOut" });
  });

  it("of a task that timed out are refused", async () => {
    const { w, arn, taskToken } = await ready({ TimeoutSeconds: 60 });
    await w.clock.advance(60_000);
    expect(await describe(w, arn)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    const late = w.client.send(new SendTaskSuccessCommand({ taskToken, output: "1" }));
    await expect(late).rejects.toMatchObject({
      name: "TaskTimedOut",
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    });
  });

  it("of an earlier attempt are refused while the next one waits", async () => {
    const { w, arn, taskToken, tokens } = await ready({
      TimeoutSeconds: 60,
      Retry: [{ ErrorEquals: ["States.Timeout"] }],
    });
    await w.clock.advance(61_000);
    expect(tokens).toHaveLength(2);
    await expect(w.client.send(new SendTaskSuccessCommand({ taskToken, output: "1" }))).rejects.toThrow(
      "Task Timed Out",
    );
    await w.client.send(new SendTaskSuccessCommand({ taskToken: tokens[1] ?? "", output: "2" }));
    expect(await describe(w, arn)).toMatchObject({ status: "SUCCEEDED", output: "2" });
  });

  it.each([
    ["nonsense", "InvalidToken"],
    [
      Buffer.from('["arn:aws:states:us-east-1:123456789012:execution:a:b","c"]').toString("base64"),
      "TaskDoesNotExist",
    ],
  ])("that are not the engine's are refused: %s", async (taskToken, name) => {
    const { w } = await ready();
    await expect(w.client.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({ name });
  });

  it("take no output that is not JSON", async () => {
    const { w, taskToken } = await ready();
    const sent = w.client.send(new SendTaskSuccessCommand({ taskToken, output: "go" }));
    await expect(sent).rejects.toMatchObject({ name: "InvalidOutput" });
  });

  it("carry a failure, named or not", async () => {
    const named = await ready();
    await named.w.client.send(
      new SendTaskFailureCommand({ taskToken: named.taskToken, error: "NoGo", cause: "why" }),
    );
    expect(await describe(named.w, named.arn)).toMatchObject({
      status: "FAILED",
      error: "NoGo",
      cause: "why",
    });
    const unnamed = await ready({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Ask" }] });
    await unnamed.w.client.send(new SendTaskFailureCommand({ taskToken: unnamed.taskToken }));
    await unnamed.w.clock.advance(0);
    expect((await outline(unnamed.w, unnamed.arn)).slice(5)).toEqual([
      "6 < 5: TaskFailed",
      "7 < 6: TaskStateExited",
      "8 < 7: TaskStateEntered",
      "9 < 8: TaskScheduled",
      "10 < 9: TaskStarted",
      "11 < 10: TaskSubmitted",
    ]);
  });

  it("are kept alive by heartbeats, and end for want of one", async () => {
    const { w, arn, taskToken } = await ready({ TimeoutSeconds: 600, HeartbeatSeconds: 10 });
    for (let beat = 0; beat < 5; beat++) {
      await w.clock.advance(9_000);
      await w.client.send(new SendTaskHeartbeatCommand({ taskToken }));
    }
    await w.clock.advance(9_999);
    expect((await describe(w, arn)).status).toBe("RUNNING");
    await w.clock.advance(1);
    expect(await describe(w, arn)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    await expect(w.client.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toThrow(
      "Task Timed Out",
    );
  });

  it.each(["States.HeartbeatTimeout", "States.Timeout", "States.ALL"])(
    "without a heartbeat match %s",
    async (name) => {
      const Catch = [{ ErrorEquals: [name], Next: "S", Output: "caught" }];
      const tokens: string[] = [];
      const w = world({ functions: { ask: ({ token }: { token: string }) => void tokens.push(token) } });
      const states = {
        ...JSON.parse(waiting({ HeartbeatSeconds: 10, Catch })).States,
        S: { Type: "Succeed" },
      };
      expect(await run(w, machine(states))).toMatchObject({
        status: "SUCCEEDED",
        output: "caught",
        seconds: 10,
      });
    },
  );

  it("go round three hundred times, each of them once", async () => {
    let asked = 0;
    const w = world({
      functions: {
        ask: ({ token, n }: { token: string; n: number }) => {
          asked++;
          w.clock.at(w.clock.now() + 60_000, () => {
            w.kernel.activity.spawn(() =>
              w.client.send(new SendTaskSuccessCommand({ taskToken: token, output: String(n + 1) })),
            );
          });
        },
      },
    });
    const Arguments = {
      FunctionName: "ask",
      Payload: { token: "{% $states.context.Task.Token %}", n: "{% $n %}" },
    };
    const result = await run(
      w,
      machine({
        Begin: { Type: "Pass", Assign: { n: 0 }, Next: "Ask" },
        Ask: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
          Arguments,
          TimeoutSeconds: 90,
          Assign: { n: "{% $states.result %}" },
          Next: "Again",
        },
        Again: { Type: "Choice", Choices: [{ Condition: "{% $n < 300 %}", Next: "Ask" }], Default: "Done" },
        Done: { Type: "Succeed", Output: "{% $n %}" },
      }),
    );
    expect(result).toMatchObject({ status: "SUCCEEDED", output: 300, seconds: 300 * 60 });
    expect(asked).toBe(300);
    const events = await history(w, result.arn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(w.errors).toEqual([]);
  });

  it("of a thousand open executions cost little memory", async () => {
    const tokens: string[] = [];
    const w = world({ functions: { ask: ({ token }: { token: string }) => void tokens.push(token) } });
    await run(w, machine({ A: { Type: "Pass", End: true } }));
    const stateMachineArn = await create(w, waiting());
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 1000; n++) w.states.starter.start(stateMachineArn, `n-${n}`, { n });
    await w.clock.advance(0);
    globalThis.gc?.();
    const used = process.memoryUsage().heapUsed - before;
    expect(tokens).toHaveLength(1000);
    expect(used / 1000).toBeLessThan(64 * 1024);
    for (const taskToken of tokens)
      await w.client.send(new SendTaskSuccessCommand({ taskToken, output: "1" }));
    const last = { executionArn: stateMachineArn.replace("stateMachine", "execution").concat(":n-999") };
    expect((await w.client.send(new DescribeExecutionCommand(last))).status).toBe("SUCCEEDED");
    const page = await w.client.send(
      new GetExecutionHistoryCommand({ ...last, maxResults: 2, reverseOrder: true }),
    );
    expect(page.events?.map(({ type }) => type)).toEqual(["ExecutionSucceeded", "TaskStateExited"]);
  });
});
