import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { beforeAll, expect, describe as group, it } from "vitest";
import { AwsError } from "../kernel/wire.ts";
import { create, errorNamed, FUNCTION, history, machine, start, world } from "./testing.ts";
import { hasVectors, type RecordedEvent, type Recording, recordings } from "./vectors.ts";
import { comparable, details, parsed, settled } from "./vectors-compare.ts";
import { definitionOf } from "./vectors-definitions.ts";

type Fields = Record<string, unknown>;

/** Recordings that are not run, and why. Those not named here are run and must come out the same. */
const EXCLUDED: readonly (readonly [RegExp, string])[] = [
  [/^test_(aws_sdk|task_service_dynamodb) /, "an integration that the engine does not serve"],
  [
    /^test_task_service_sqs |^test_heartbeats |^test_callback test_(sqs|sns)|^test_callback test_multiple/,
    "SQS or SNS: the engine does not serve them (callbacks are compared below, with a function in their place)",
  ],
  [
    /^test_callback test_(start_execution_sync$|start_execution_sync_delegate|sync_with)/,
    "startExecution.sync: the engine serves .sync:2",
  ],
  [
    /^test_base test_(json_path|state_pass_regex|state_pass_result_jsonpaths|state_pass_result_null|query_context|state_fail_intrinsic|state_fail_path)/,
    "about JSONPath itself",
  ],
  [/^test_context_object /, "about JSONPath's context object"],
  [
    /TOLERATED_FAILURE|MAX_ITEMS_PATH|MAX_PER_BATCH|TOLERATED_FAILURE_PATH/,
    "ToleratedFailure, ItemReader: distributed Map",
  ],
  [
    /INTRINSIC_FUNCTION|IN_CHOICE|INPUTPATH|OUTPUTPATH|ITERATOR_OUTER|EVALUATION_ORDER|ASSIGN_FROM_PARAMETERS|ASSIGN_FROM_RESULT\]|ITEM_SELECTOR|IN_WAIT\]|IN_FAIL|BASE_PATHS|BASE_VAR|test_assign_in_(choice|wait)_state/,
    "JSONPath fields without a JSONata twin",
  ],
  [/LAMBDA_TASK_FIELDS/, "Credentials: the engine has no IAM"],
  [
    /ASSIGN_FROM_LAMBDA_TASK_RESULT|test_raise_exception_catch_output_path|IN_ITEMS_PATH|MAX_CONCURRENCY_PATH|IN_PARAMETERS/,
    "JSONPath fields without a JSONata twin",
  ],
  [/VARIABLE_SAMPLING_TO_JSONPATH/, "JSONPath OutputPath"],
  [/regular_expressions/, "its expressions are not among the recordings"],
  [/unsupported_param|bytes_payload/, "LogType, ClientContext: not served in lambda:invoke"],
  [
    /test_wait_timestamppath\[(\.000000)?\]|seconds_path\[-1|seconds_path\[.*1\.5/,
    "JSONPath says these errors otherwise",
  ],
  [/BASE_CONSTANT_LITERALS/, "constants that JSONata would evaluate"],
  [/boundary\[24855\]/, "recorded while it waits"],
  [/get_execution_history_reverse.*True/, "the same history, backwards"],
];

const excluded = (name: string) => EXCLUDED.find(([pattern]) => pattern.test(name))?.[1];

const CHILD = "arn:aws:states:us-east-1:123456789012:stateMachine:child";
/** What the functions of the recording answered, in order. */
function answers(recording: Recording, forever: () => Promise<void>): (() => unknown)[] {
  return recording.events.flatMap((event) => {
    const { output, cause, error } = details(event);
    if (/^(Task|LambdaFunction)TimedOut$/.test(event.type)) return [forever];
    if (/^(Task|LambdaFunction)Failed$/.test(event.type)) {
      return [
        () => {
          if (error === "States.DataLimitExceeded") return "x".repeat(300_000);
          if (String(cause).startsWith("Function not found"))
            throw new AwsError("ResourceNotFoundException", `Function not found: ${FUNCTION}f`, 404);
          const { errorType, errorMessage } = (
            typeof cause === "string" ? { errorType: String(error), errorMessage: cause } : cause
          ) as Record<string, string>;
          throw errorNamed(errorType ?? "", errorMessage);
        },
      ];
    }
    if (event.type === "TaskSucceeded") return [() => (output as Fields).Payload];
    if (event.type === "LambdaFunctionSucceeded") return [() => parsed(output)];
    return [];
  });
}

async function replay(recording: Recording): Promise<RecordedEvent[]> {
  const pending: (() => unknown)[] = [];
  const f = () => pending.shift()?.();
  const functions = new Proxy({}, { get: () => f });
  const events = recording.events.find(({ type }) => type === "TaskSucceeded" || type === "TaskFailed");
  const answer = events === undefined ? {} : details(events);
  const w = world({ functions, putEvents: () => parsed(answer.output ?? answer.cause) });
  pending.push(...answers(recording, () => w.kernel.sleep(1e9)));
  const child = {
    StartAt: "P",
    QueryLanguage: "JSONata",
    States: { P: { Type: "Pass", Output: { Arg1: "argument1" }, End: true } },
  };
  if (!recording.name.includes("no_such_arn")) await create(w, JSON.stringify(child), "child");
  const stateMachineArn = await create(w, definitionOf(recording), "recorded");
  const started = details(recording.events[0] as RecordedEvent).input;
  const input = JSON.stringify(parsed(started))
    .replace(/arn:<partition>:lambda:<region>:111111111111:function:[^"]+/g, `${FUNCTION}f`)
    .replace(/arn:<partition>:states:[^"]+/g, CHILD);
  const { executionArn } = await w.client.send(new StartExecutionCommand({ stateMachineArn, input }));
  await w.clock.advance(0);
  if (recording.events.at(-1)?.type === "ExecutionAborted")
    await w.client.send(new StopExecutionCommand({ executionArn }));
  else await w.clock.advance(3_600_000);
  expect(w.errors).toEqual([]);
  return (await history(w, executionArn ?? "")) as unknown as RecordedEvent[];
}

const ASK = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: { FunctionName: "ask", Payload: "{% $states.context.Task.Token %}" },
  End: true,
};
const CAUGHT = {
  Catch: [{ ErrorEquals: ["States.ALL"], Next: "CaughtStatesALL" }],
  End: true,
};
const CaughtStatesALL = { Type: "Pass", End: true };
const BRANCH = { StartAt: "SendMessageWithWait", States: { SendMessageWithWait: ASK } };
const CAUSELESS = "test_callback test_sqs_failure_in_wait_for_task_tok_no_error_field";

type Act = "succeed" | "fail" | "fail, saying nothing" | "wait";

/** Callbacks: recorded with a queue, compared by all but what the queue was told and answered. */
const CALLBACKS: readonly (readonly [string, object, Act])[] = [
  ["test_callback test_sqs_failure_in_wait_for_task_token", { SendMessageWithWait: ASK }, "fail"],
  [
    "test_callback test_sqs_wait_for_task_token_timeout",
    { SendMessageWithWaitAndTimeout: { ...ASK, TimeoutSeconds: 5 } },
    "wait",
  ],
  [
    "test_heartbeats test_heartbeat_timeout",
    { SendMessageWithWait: { ...ASK, TimeoutSeconds: 600, HeartbeatSeconds: 5 } },
    "wait",
  ],
  [
    "test_heartbeats test_heartbeat_no_timeout",
    { SendMessageWithWait: { ...ASK, HeartbeatSeconds: 5 } },
    "wait",
  ],
  [
    `${CAUSELESS}[SQS_WAIT_FOR_TASK_TOKEN_CATCH]`,
    { SendMessageWithWait: { ...ASK, ...CAUGHT }, CaughtStatesALL },
    "fail, saying nothing",
  ],
  [
    `${CAUSELESS}[SQS_PARALLEL_WAIT_FOR_TASK_TOKEN]`,
    { ParallelJob: { Type: "Parallel", Branches: [BRANCH], ...CAUGHT }, CaughtStatesALL },
    "fail, saying nothing",
  ],
];

function shape(event: RecordedEvent): unknown[] {
  const { id, previousEventId, type } = event;
  const { name, error, cause, timeoutInSeconds, heartbeatInSeconds } = details(event);
  return [id, previousEventId, type, name, error, cause, timeoutInSeconds, heartbeatInSeconds];
}

group.skipIf(!hasVectors)("recorded histories", () => {
  const all = hasVectors ? recordings() : [];
  const run = all.filter(({ name }) => excluded(name) === undefined);

  beforeAll(() => expect(all.length).toBeGreaterThan(200));

  it.each(run.map((recording) => [recording.name, recording] as const))("%s", async (_name, recording) => {
    const blank = recording.events.some(({ id }) => Array.isArray(id));
    const ours = await replay(recording);
    expect(comparable(settled(ours), blank)).toEqual(comparable(settled(recording.events), blank));
  });

  it.each(CALLBACKS)("%s, with a function where the recording has a queue", async (name, states, act) => {
    const recording = all.find((each) => each.name === name);
    const tokens: string[] = [];
    const w = world({ functions: { ask: (token: string) => void tokens.push(token) } });
    const executionArn = await start(w, machine(states));
    await w.clock.advance(0);
    const taskToken = tokens[0] ?? "";
    if (act === "succeed") await w.client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
    if (act === "fail") {
      const said = { error: "Failure error", cause: "Failure cause" };
      await w.client.send(new SendTaskFailureCommand({ taskToken, ...said }));
    }
    if (act === "fail, saying nothing") await w.client.send(new SendTaskFailureCommand({ taskToken }));
    await w.clock.advance(3_600_000);
    const ours = (await history(w, executionArn)) as unknown as RecordedEvent[];
    expect(ours.map(shape)).toEqual(recording?.events.map(shape));
  });

  it("are excluded only for a reason that applies to one of them", () => {
    for (const [pattern] of EXCLUDED)
      expect(
        all.some(({ name }) => pattern.test(name)),
        String(pattern),
      ).toBe(true);
  });
});
