import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
} from "@aws-sdk/client-sfn";
import { expect, describe as group, it } from "vitest";
import { create, describe, heapUsed, history, machine, outline, run, start, world } from "./testing.ts";

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
    const before = heapUsed();
    for (let n = 0; n < 1000; n++) w.states.starter.start(stateMachineArn, `n-${n}`, { n });
    await w.clock.advance(0);
    const used = heapUsed() - before;
    expect(tokens).toHaveLength(1000);
    expect(used / 1000).toBeLessThan(8 * 1024);
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
