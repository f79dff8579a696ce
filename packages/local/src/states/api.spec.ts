import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { expect, describe as group, it } from "vitest";
import {
  create,
  describe,
  FUNCTION,
  history,
  machine,
  NOON,
  outline,
  ROLE,
  run,
  start,
  world,
} from "./testing.ts";

const pass = (output: unknown = {}) => machine({ A: { Type: "Pass", Output: output, End: true } });
const wait = machine({ W: { Type: "Wait", Seconds: 3600, End: true } });

group("state machines", () => {
  it("are made once: again with the same definition is the same, with another is refused", async () => {
    const { client } = world();
    const input = { name: "m", definition: pass(1), roleArn: ROLE };
    const made = await client.send(new CreateStateMachineCommand(input));
    expect(made.stateMachineArn).toBe("arn:aws:states:us-east-1:123456789012:stateMachine:m");
    expect(made.creationDate).toEqual(new Date(NOON));
    const again = await client.send(new CreateStateMachineCommand({ ...input, roleArn: `${ROLE}2` }));
    expect(again.stateMachineArn).toBe(made.stateMachineArn);
    await expect(
      client.send(new CreateStateMachineCommand({ ...input, definition: pass(2) })),
    ).rejects.toMatchObject({
      name: "StateMachineAlreadyExists",
      message: "State Machine Already Exists: 'arn:aws:states:us-east-1:123456789012:stateMachine:m'",
    });
  });

  it("are shown as they are", async () => {
    const w = world();
    const stateMachineArn = await create(w, pass(), "m");
    expect(await w.client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
      name: "m",
      status: "ACTIVE",
      type: "STANDARD",
      definition: pass(),
      roleArn: ROLE,
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
    });
  });

  it.each([
    ["a name with a space", { name: "a b" }, "InvalidName"],
    ["a role that is none", { roleArn: "me" }, "InvalidArn"],
    ["EXPRESS", { type: "EXPRESS" as const }, "StateMachineTypeNotSupported"],
    ["logging", { loggingConfiguration: { level: "ALL" as const } }, "InvalidLoggingConfiguration"],
    ["tracing", { tracingConfiguration: { enabled: true } }, "InvalidTracingConfiguration"],
    ["publishing a version", { publish: true }, "ValidationException"],
    ["a definition that is not JSON", { definition: "{" }, "InvalidDefinition"],
  ])("refuse %s", async (_what, change, name) => {
    const input = { name: "m", definition: pass(), roleArn: ROLE, ...change };
    await expect(world().client.send(new CreateStateMachineCommand(input))).rejects.toMatchObject({ name });
  });

  it("an execution keeps the definition it began with", async () => {
    const w = world();
    const definition = machine({ W: { Type: "Wait", Seconds: 60, Output: "old", End: true } });
    const stateMachineArn = await create(w, definition);
    const { executionArn } = await w.client.send(new StartExecutionCommand({ stateMachineArn }));
    await w.clock.advance(1000);
    const updated = await w.client.send(
      new UpdateStateMachineCommand({ stateMachineArn, definition: pass("new") }),
    );
    await w.clock.advance(60_000);
    expect((await describe(w, executionArn ?? "")).output).toBe('"old"');
    const began = await w.client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(began.definition).toBe(definition);
    const now = await w.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(now).toMatchObject({ definition: pass("new"), revisionId: updated.revisionId });
    await expect(w.client.send(new UpdateStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: "MissingRequiredParameter",
    });
  });

  it("that are deleted end their executions at the next transition, and are gone with the last", async () => {
    const w = world();
    const stateMachineArn = await create(w, wait, "m");
    const { executionArn } = await w.client.send(new StartExecutionCommand({ stateMachineArn }));
    await w.clock.advance(0);
    await w.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    expect((await w.client.send(new DescribeStateMachineCommand({ stateMachineArn }))).status).toBe(
      "DELETING",
    );
    const starting = w.client.send(new StartExecutionCommand({ stateMachineArn }));
    await expect(starting).rejects.toMatchObject({ name: "StateMachineDeleting" });
    await w.clock.advance(3_600_000);
    expect((await describe(w, executionArn ?? "")).status).toBe("ABORTED");
    const gone = w.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    await expect(gone).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
    await w.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  });

  it("are listed in pages", async () => {
    const w = world();
    for (const name of ["c", "a", "b"]) await create(w, pass(), name);
    const first = await w.client.send(new ListStateMachinesCommand({ maxResults: 2 }));
    expect(first.stateMachines?.map(({ name }) => name)).toEqual(["a", "b"]);
    const rest = await w.client.send(new ListStateMachinesCommand({ nextToken: first.nextToken }));
    expect(rest.stateMachines?.map(({ name }) => name)).toEqual(["c"]);
    expect(rest.nextToken).toBeUndefined();
    const bad = w.client.send(new ListStateMachinesCommand({ nextToken: "?" }));
    await expect(bad).rejects.toMatchObject({ name: "InvalidToken" });
  });

  it("definitions are validated without being made", async () => {
    const { client } = world();
    const validate = (definition: string) =>
      client.send(new ValidateStateMachineDefinitionCommand({ definition }));
    expect(await validate(pass())).toMatchObject({ result: "OK", diagnostics: [] });
    expect(await validate('{"StartAt":"A"}')).toMatchObject({
      result: "FAIL",
      diagnostics: [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", location: "/" }],
    });
  });
});

group("executions", () => {
  it("are started once: the same name and input while it runs is the same execution", async () => {
    const w = world();
    const stateMachineArn = await create(w, wait, "m");
    const input = { stateMachineArn, name: "one", input: '{"a":1}' };
    const first = await w.client.send(new StartExecutionCommand(input));
    await w.clock.advance(1000);
    const again = await w.client.send(new StartExecutionCommand(input));
    expect(again).toMatchObject({ executionArn: first.executionArn, startDate: new Date(NOON) });
    const other = w.client.send(new StartExecutionCommand({ ...input, input: "{}" }));
    await expect(other).rejects.toMatchObject({
      name: "ExecutionAlreadyExists",
      message: "Execution Already Exists: 'arn:aws:states:us-east-1:123456789012:execution:m:one'",
    });
    await w.client.send(new StopExecutionCommand({ executionArn: first.executionArn }));
    const late = w.client.send(new StartExecutionCommand(input));
    await expect(late).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });

  it.each([
    ["a name with a colon", { name: "a:b" }, "InvalidName"],
    ["input that is not JSON", { input: "not JSON" }, "InvalidExecutionInput"],
    ["empty input", { input: "" }, "InvalidExecutionInput"],
    ["input of more than 256 KiB", { input: JSON.stringify("x".repeat(262_144)) }, "InvalidExecutionInput"],
    ["an ARN that is none", { stateMachineArn: "m" }, "InvalidArn"],
    [
      "a version",
      { stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m:1" },
      "InvalidArn",
    ],
    [
      "a machine that is not there",
      { stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:x" },
      "StateMachineDoesNotExist",
    ],
  ])("refuse %s", async (_what, change, name) => {
    const w = world();
    const stateMachineArn = await create(w, wait, "m");
    const started = w.client.send(new StartExecutionCommand({ stateMachineArn, ...change }));
    await expect(started).rejects.toMatchObject({ name });
  });

  it("stop where they are, and say why", async () => {
    const w = world();
    const executionArn = await start(w, wait);
    await w.clock.advance(10_000);
    const stopped = await w.client.send(
      new StopExecutionCommand({ executionArn, error: "Stop", cause: "enough" }),
    );
    expect(stopped.stopDate).toEqual(new Date(NOON + 10_000));
    expect(await describe(w, executionArn)).toMatchObject({
      status: "ABORTED",
      error: "Stop",
      cause: "enough",
    });
    expect(await outline(w, executionArn)).toEqual([
      "1 < 0: ExecutionStarted",
      "2 < 0: WaitStateEntered",
      "3 < 0: ExecutionAborted",
    ]);
    await w.clock.advance(10_000);
    const again = await w.client.send(new StopExecutionCommand({ executionArn }));
    expect(again.stopDate).toEqual(stopped.stopDate);
    expect(w.clock.next()).toBeUndefined();
  });

  it("are listed newest first, by status, in pages", async () => {
    const w = world();
    const stateMachineArn = await create(
      w,
      machine({ W: { Type: "Wait", Seconds: "{% $states.input.s %}", End: true } }),
    );
    for (const [name, s] of [
      ["a", 1],
      ["b", 100],
      ["c", 1],
      ["d", 1],
    ] as const) {
      w.states.starter.start(stateMachineArn, name, { s });
    }
    await w.clock.advance(5000);
    const list = async (more: object) => {
      const page = await w.client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
      return { names: page.executions?.map(({ name }) => name), nextToken: page.nextToken };
    };
    expect((await list({})).names).toEqual(["d", "c", "b", "a"]);
    expect((await list({ statusFilter: "RUNNING" })).names).toEqual(["b"]);
    const first = await list({ statusFilter: "SUCCEEDED", maxResults: 2 });
    expect(first.names).toEqual(["d", "c"]);
    expect(await list({ statusFilter: "SUCCEEDED", maxResults: 2, nextToken: first.nextToken })).toEqual({
      names: ["a"],
      nextToken: undefined,
    });
    await expect(list({ statusFilter: "succeeded" })).rejects.toThrow("Member must satisfy enum value set");
    await expect(list({ maxResults: 1001 })).rejects.toThrow(
      "Member must have value less than or equal to 1000",
    );
  });

  it("give their history in pages, either way round, with or without data", async () => {
    const w = world();
    const { arn } = await run(w, pass({ secret: 1 }));
    const get = async (more: object) =>
      await w.client.send(new GetExecutionHistoryCommand({ executionArn: arn, ...more }));
    const first = await get({ maxResults: 3 });
    expect(first.events?.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect((await get({ maxResults: 3, nextToken: first.nextToken })).events?.map(({ id }) => id)).toEqual([
      4,
    ]);
    expect((await get({ reverseOrder: true, maxResults: 2 })).events?.map(({ id }) => id)).toEqual([4, 3]);
    expect(JSON.stringify((await get({})).events)).toContain("secret");
    expect(JSON.stringify((await get({ includeExecutionData: false })).events)).not.toContain("secret");
    expect(first.events?.[0]?.timestamp).toEqual(new Date(NOON));
  });

  it("are not redriven, and say so", async () => {
    const w = world();
    const { arn, ...described } = await run(w, machine({ F: { Type: "Fail" } }));
    expect(described).toMatchObject({ status: "FAILED", redriveStatus: "NOT_REDRIVABLE" });
    const redriven = w.client.send(new RedriveExecutionCommand({ executionArn: arn }));
    await expect(redriven).rejects.toThrow("does not serve RedriveExecution");
  });

  it("fail at 25,000 events", async () => {
    const w = world();
    const states = { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" }, C: { Type: "Succeed" } };
    const definition = machine({
      ...states,
      B: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "C" }], Default: "A" },
    });
    const { status, error, cause, arn } = await run(w, definition);
    expect({ status, error, cause }).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
    const events = await history(w, arn);
    expect(events).toHaveLength(25_000);
    expect(events.at(-1)).toMatchObject({ id: 25_000, type: "ExecutionFailed" });
  });
});

group("Step Functions Execution Status Change", () => {
  it("says of each execution that it runs, and how it ended", async () => {
    const w = world();
    const { arn } = await run(w, pass({ x: 1 }), { a: 1 });
    const [running, succeeded, ...rest] = w.events;
    expect(rest).toEqual([]);
    expect(running).toEqual({
      source: "aws.states",
      detailType: "Step Functions Execution Status Change",
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn: expect.stringContaining(":stateMachine:"),
        name: arn.split(":").at(-1),
        status: "RUNNING",
        startDate: NOON,
        stopDate: null,
        input: '{"a":1}',
        output: null,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: 0,
        redriveDate: null,
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: "Execution is RUNNING and cannot be redriven",
        inputDetails: { included: true },
        outputDetails: null,
        error: null,
        cause: null,
      },
    });
    expect(succeeded?.detail).toMatchObject({
      status: "SUCCEEDED",
      output: '{"x":1}',
      outputDetails: { included: true },
      stopDate: NOON,
    });
  });

  it.each([
    ["FAILED", machine({ F: { Type: "Fail", Error: "No", Cause: "why" } }), { error: "No", cause: "why" }],
    [
      "TIMED_OUT",
      machine({ W: { Type: "Wait", Seconds: 9, End: true } }, { TimeoutSeconds: 5 }),
      { error: null, output: null },
    ],
  ])("%s", async (status, definition, detail) => {
    const w = world();
    await run(w, definition);
    expect(w.events.at(-1)?.detail).toMatchObject({ status, ...detail });
  });
});

group("service integrations", () => {
  it("putEvents adds the execution and the machine to the resources, and writes Detail as text", async () => {
    const inputs: unknown[] = [];
    const w = world({
      putEvents: (input) => {
        inputs.push(input);
        return { FailedEntryCount: 0, Entries: [{ EventId: "e" }] };
      },
    });
    const Arguments = {
      Entries: [{ Source: "gonogo", DetailType: "T", Detail: { a: 1 }, EventBusName: "gonogo" }],
    };
    const states = {
      P: { Type: "Task", Resource: "arn:aws:states:::events:putEvents", Arguments, End: true },
    };
    const { arn, output } = await run(w, machine(states));
    expect(output).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: "e" }] });
    const machineArn = (await describe(w, arn)).stateMachineArn;
    expect(inputs).toEqual([
      {
        Entries: [
          {
            Source: "gonogo",
            DetailType: "T",
            Detail: '{"a":1}',
            EventBusName: "gonogo",
            Resources: [arn, machineArn],
          },
        ],
      },
    ]);
  });

  it("putEvents with an entry that failed fails the task", async () => {
    const w = world({
      putEvents: () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] }),
    });
    const states = {
      P: {
        Type: "Task",
        Resource: "arn:aws:states:::events:putEvents",
        Arguments: { Entries: [] },
        End: true,
      },
    };
    expect(await run(w, machine(states))).toMatchObject({ error: "EventBridge.FailedEntry" });
  });

  const child = (resource: string, StateMachineArn: string, more: object = {}) =>
    machine({
      C: {
        Type: "Task",
        Resource: `arn:aws:states:::states:${resource}`,
        Arguments: { StateMachineArn, Input: { n: 1 }, ...more },
        End: true,
      },
    });

  it("startExecution starts and goes on", async () => {
    const w = world();
    const arn = await create(w, wait);
    const { output, seconds } = await run(w, child("startExecution", arn, { Name: "kid" }));
    expect(output).toMatchObject({ ExecutionArn: expect.stringContaining(":kid"), StartDate: NOON });
    expect(seconds).toBe(0);
  });

  it("startExecution.sync:2 waits for the end, and fails with it", async () => {
    const w = world();
    const good = await create(
      w,
      machine({ W: { Type: "Wait", Seconds: 30, Output: "{% $states.input.n + 1 %}", End: true } }),
    );
    expect(await run(w, child("startExecution.sync:2", good))).toMatchObject({
      output: { Status: "SUCCEEDED", Output: 2, Input: { n: 1 } },
      seconds: 30,
    });
    const bad = await create(w, machine({ F: { Type: "Fail", Error: "Broken" } }));
    const failed = await run(w, child("startExecution.sync:2", bad));
    expect(failed.error).toBe("States.TaskFailed");
    expect(JSON.parse(failed.cause ?? "")).toMatchObject({ Status: "FAILED", Error: "Broken" });
  });

  it("startExecution.sync:2 that is given up stops what it started; startExecution does not", async () => {
    const w = world();
    const arn = await create(w, wait);
    const stopped = await start(w, child("startExecution.sync:2", arn, { Name: "waited-for" }));
    const timedOut = JSON.parse(child("startExecution.sync:2", arn, { Name: "too-slow" }));
    timedOut.States.C.TimeoutSeconds = 60;
    await start(w, JSON.stringify(timedOut));
    await start(w, child("startExecution", arn, { Name: "on-its-own" }));
    await w.clock.advance(0);
    await w.client.send(new StopExecutionCommand({ executionArn: stopped }));
    await w.clock.advance(60_000);
    const status = async (name: string) =>
      (await describe(w, `${arn.replace("stateMachine", "execution")}:${name}`)).status;
    expect(await status("waited-for")).toBe("ABORTED");
    expect(await status("too-slow")).toBe("ABORTED");
    expect(await status("on-its-own")).toBe("RUNNING");
  });

  it("lambda:invoke gives the answer as the service does", async () => {
    const w = world({ functions: { f: () => "hi" } });
    const T = {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: `${FUNCTION}f`, Qualifier: "live" },
      End: true,
    };
    await expect(run(w, machine({ T }))).resolves.toMatchObject({
      error: "Lambda.ResourceNotFoundException",
    });
    const { output } = await run(w, machine({ T: { ...T, Arguments: { FunctionName: `${FUNCTION}f` } } }));
    expect(output).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: "hi",
      StatusCode: 200,
      SdkHttpMetadata: { HttpStatusCode: 200 },
    });
  });
});
