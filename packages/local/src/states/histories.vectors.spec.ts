import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { beforeAll, expect, describe as group, it } from "vitest";
import { AwsError } from "../kernel/wire.ts";
import { create, errorNamed, FUNCTION, history, machine, world } from "./testing.ts";
import {
  definition,
  hasVectors,
  inJsonata,
  type RecordedEvent,
  type Recording,
  recordings,
} from "./vectors.ts";

type Fields = Record<string, unknown>;

/** Recordings that are not run, and why. Those not named here are run and must come out the same. */
const EXCLUDED: readonly (readonly [RegExp, string])[] = [
  [/^test_(aws_sdk|task_service_dynamodb) /, "an integration that the engine does not serve"],
  [
    /^test_task_service_sqs |^test_heartbeats |^test_callback test_(sqs|sns)|^test_callback test_multiple/,
    "SQS or SNS: the engine does not serve them (task tokens are compared by shape below)",
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
  [/boundary\[24855\]/, "recorded while it waits"],
  [/get_execution_history_reverse.*True/, "the same history, backwards"],
];

const excluded = (name: string) => EXCLUDED.find(([pattern]) => pattern.test(name))?.[1];

/** Definitions whose name is not in the test's. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^test_assign_base test_assign_in_choice/, "choice_condition_jsonata"],
  [/test_assign_in_catch_state/, "base_assign_in_catch"],
  [
    /^test_task_lambda test_raise_exception$|^test_task_lambda test_no_such_function$/,
    "task_lambda_invoke_catch_tbd",
  ],
];

/** Definitions that the tests built in code, said in JSONata. */
const OWN: readonly (readonly [RegExp, (recording: Recording) => object])[] = [
  [/non_dict\[(\w+)\]/, ({ variant }) => ({ State0: { Type: "Pass", Output: ANY[variant], End: true } })],
  [/test_base_task(_from_input)?\[TIMEOUT/, (r) => ({ Start: { ...INVOKE, TimeoutSeconds: seconds(r) } })],
  [
    /test_base_task(_from_input)?\[HEARTBEAT/,
    (r) => ({ Start: { ...INVOKE, HeartbeatSeconds: seconds(r) } }),
  ],
  [/test_base_map\[ITEMS/, () => map({ Items: "{% [1,2,3] %}" })],
  [/test_base_map\[MAX/, () => map({ Items: [1], MaxConcurrency: "{% 1 %}" })],
  [/map_from_input\[ITEMS/, () => map({ Items: "{% $states.input.input_value %}" })],
  [/map_from_input\[MAX/, () => map({ Items: [1], MaxConcurrency: "{% $states.input.input_value %}" })],
  [
    /merge_with/,
    () => ({
      Start: { Type: "Pass", Output: "{% $merge([$states.input.part1, $states.input.part2]) %}", End: true },
    }),
  ],
  [/test_array_partition/, () => fn("$partition($i.fst, $i.snd)")],
  [/test_array_range/, () => fn("$range($i.fst, $i.snd, $i.trd)")],
  [/test_parse/, () => fn("$parse($i)")],
  [
    /^test_task_service_lambda test_(raise_exception|no_such_function)$/,
    () => ({ Start: { ...SERVICE, End: true } }),
  ],
  [/^test_task_service_lambda test_(raise_exception|no_such_function)_catch$/, () => caught(SERVICE)],
  [/^test_task_lambda test_(raise_exception|no_such_function)$/, () => ({ Start: { ...DIRECT, End: true } })],
  [/^test_task_lambda test_(raise_exception|no_such_function)_catch$/, () => caught(DIRECT)],
  [/^test_task_lambda test_raise_custom/, () => matched(DIRECT)],
  [/^test_task_service_lambda test_raise_custom/, () => matched(SERVICE)],
  [
    /test_invoke_timeout/,
    () => ({
      Start: {
        ...SERVICE,
        TimeoutSeconds: 5,
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "EndWithHandler" }],
        End: true,
      },
      EndWithHandler: kept("error"),
    }),
  ],
  [
    /fixed_timeout_service_lambda/,
    () => ({ Start: { ...SERVICE, Arguments: CHOSEN, TimeoutSeconds: 5, End: true } }),
  ],
  [/fixed_timeout_lambda/, () => ({ Start: { ...DIRECT, TimeoutSeconds: 5, End: true } })],
  [
    /map_timeout/,
    () => ({
      MapWait: {
        Type: "Map",
        Items: "{% $states.input.Inputs %}",
        ItemProcessor: {
          StartAt: "LambdaInvoke",
          States: { LambdaInvoke: { ...SERVICE, TimeoutSeconds: 5, End: true } },
        },
        End: true,
      },
    }),
  ],
  [
    /^test_states_errors test_.*large_utf8/,
    (r) => {
      const task = r.name.includes("service_task") ? SERVICE : DIRECT;
      const to = r.name.includes("catch_state_all") ? "HandleGeneralError" : "HandleDataLimitExceeded";
      const ErrorEquals = [r.name.includes("catch_state_all") ? "States.ALL" : "States.DataLimitExceeded"];
      return {
        InvokeLambda: { ...task, Catch: [{ ErrorEquals, Next: to }], End: true },
        [to]: { Type: "Pass", End: true },
      };
    },
  ],
  [
    /test_start_large_input/,
    () => ({
      State_1: {
        Type: "Pass",
        Output: "{% $join($map([1..30000], function($v) { '0123456789' })) %}",
        End: true,
      },
    }),
  ],
  [
    /^test_events_task_service /,
    () => ({
      PutEvents: {
        Type: "Task",
        Resource: "arn:aws:states:::events:putEvents",
        Arguments: "{% $states.input %}",
        End: true,
      },
    }),
  ],
  [/^test_sfn_task_service |^test_task_service_sfn /, () => child("startExecution")],
  [/test_start_execution_sync2/, () => child("startExecution.sync:2")],
  [/boundary\[24856\]/, () => ({ State_1: { Type: "Wait", Seconds: 24_856 * 86_400, End: true } })],
  [
    /test_wait_timestamppath/,
    () => ({ State_1: { Type: "Wait", Timestamp: "2026-11-02T12:00:05Z", End: true } }),
  ],
  [
    /wait_seconds_path/,
    () => ({ WaitState: { Type: "Wait", Seconds: "{% $states.input.input.waitSeconds %}", End: true } }),
  ],
  [/^test_sfn_api test_stop_execution/, () => ({ State_1: { Type: "Wait", Seconds: 60, End: true } })],
  [
    /^test_sfn_api |test_state_pass_result$|test_decl_version/,
    () => ({ State_1: { Type: "Pass", Output: { Arg1: "argument1" }, End: true } }),
  ],
  [
    /^test_lambda_task_service test_invoke/,
    (r) => ({
      Start: { ...SERVICE, Next: "EndWithFinal" },
      EndWithFinal: r.events.some(({ type }) => type === "PassStateEntered")
        ? kept("final")
        : { Type: "Pass", End: true },
    }),
  ],
  [/test_state_fail$/, (r) => failState(r)],
  [/test_state_fail_empty/, (r) => failState(r)],
];

const INVOKE = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { Payload: {}, FunctionName: `${FUNCTION}f` },
  End: true,
};
const SERVICE = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: "{% $states.input %}",
};
const CHOSEN = { FunctionName: "{% $states.input.FunctionName %}", Payload: "{% $states.input.Payload %}" };
const DIRECT = { Type: "Task", Resource: `${FUNCTION}f` };
const seconds = (r: Recording) =>
  r.name.includes("from_input") ? "{% $states.input.input_value %}" : "{% 1 %}";
const kept = (field: string) => ({
  Type: "Pass",
  Output: `{% $merge([$states.input, {'${field}': $states.input}]) %}`,
  End: true,
});

const ANY: Fields = {
  NULL: null,
  INT: 0,
  FLOAT: 0.1,
  BOOL: true,
  STR_LIT: "string literal",
  JSONATA_EXPR: "{% $states.input %}",
  LIST_EMPY: [],
  LIST_RICH: [
    null,
    0,
    0.1,
    true,
    "string",
    [],
    "$nosuchvar",
    "$.no.such.path",
    "{% $states.input %}",
    { key: true },
  ],
};

function map(fields: object): object {
  const ItemProcessor = { StartAt: "Process", States: { Process: { Type: "Pass", End: true } } };
  return { Start: { Type: "Map", MaxConcurrency: 1, ...fields, ItemProcessor, End: true } };
}

function fn(call: string): object {
  return {
    State_0: { Type: "Pass", Output: `{% ($i := $states.input.FunctionInput; ${call}) %}`, End: true },
  };
}

function caught(task: object): object {
  return {
    Start: {
      ...task,
      Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "EndWithStateTaskFailedHandler" }],
      End: true,
    },
    EndWithStateTaskFailedHandler: kept("task_failed_error"),
  };
}

function matched(task: object): object {
  return {
    InvokeLambda: { ...task, Catch: [{ ErrorEquals: ["CustomException"], Next: "ErrorMatched" }], End: true },
    ErrorMatched: { Type: "Pass", End: true },
  };
}

function child(action: string): object {
  const Resource = `arn:aws:states:::states:${action}`;
  return { StartExecution: { Type: "Task", Resource, Arguments: "{% $states.input %}", End: true } };
}

function failState({ events }: Recording): object {
  const { error, cause } = (events.at(-1)?.executionFailedEventDetails ?? {}) as Fields;
  const [, entered] = events;
  const { name } = (entered?.stateEnteredEventDetails ?? {}) as { name: string };
  return { [name]: { Type: "Fail", ...(error ? { Error: error } : {}), ...(cause ? { Cause: cause } : {}) } };
}

/** The machine that was recorded, in JSONata. */
function definitionOf(recording: Recording): string {
  const own = OWN.find(([pattern]) => pattern.test(recording.name))?.[1];
  if (own !== undefined) return machine(own(recording));
  const named = NAMED.find(([pattern]) => pattern.test(recording.name))?.[1] ?? recording.variant;
  const found = definition(named) ?? definition(named.replace(/^CONDITION_.*/, "choice_condition_jsonata"));
  if (found === undefined) throw new Error(`no definition for ${recording.name}`);
  const placed = JSON.stringify(inJsonata(found)).replace(
    /%LAMBDA_FUNCTION_ARN_LITERAL_PLACEHOLDER%|__tbd__/g,
    `${FUNCTION}f`,
  );
  return placed;
}

const CHILD = "arn:aws:states:us-east-1:123456789012:stateMachine:child";
const details = (event: RecordedEvent): Fields =>
  (Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] as Fields | undefined) ?? {};

/** What the functions of the recording answered, in order. */
function answers(recording: Recording): (() => unknown)[] {
  return recording.events.flatMap((event) => {
    const { output, cause, error } = details(event);
    if (/^(Task|LambdaFunction)TimedOut$/.test(event.type)) return [() => new Promise(() => {})];
    if (/^(Task|LambdaFunction)Failed$/.test(event.type)) {
      return [
        () => {
          if (error === "States.DataLimitExceeded") return "x".repeat(300_000);
          if (String(cause).startsWith("Function not found"))
            throw new AwsError("ResourceNotFoundException", "Function not found", 404);
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

const parsed = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);

/** ARNs, ids and times that differ with every run. */
function located(text: string): string {
  return text
    .replace(
      /arn:(aws|<partition>):lambda:(us-east-1|<region>):\d+:function:[^":\s']+(:\$LATEST)?|(no_such_)?<lambda_function[^>]*>/g,
      "FUNCTION",
    )
    .replace(
      /arn:(aws|<partition>):states:(us-east-1|<region>):\d+:(stateMachine|execution):[^"\s']+/g,
      "STATES",
    )
    .replace(/Request ID: [^;]+/g, "Request ID")
    .replace(/us-east-1|<region>/g, "REGION");
}

const MASKED = [
  "EnteredTime",
  "StartTime",
  "StartDate",
  "StopDate",
  "roleArn",
  "RoleArn",
  "EventId",
  "Id",
  "start_at",
];

function normal(value: unknown, key = ""): unknown {
  if (MASKED.includes(key)) return key;
  if (key === "Name" && !/^[A-Z][A-Za-z0-9]*$/.test(String(value))) return key;
  if (key === "SdkHttpMetadata" || key === "SdkResponseMetadata") return typeof value;
  if (typeof value === "string") {
    try {
      const inner: unknown = JSON.parse(value);
      return normal(inner);
    } catch {
      return located(value);
    }
  }
  if (Array.isArray(value)) return value.map((item) => normal(item));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Fields;
  if (typeof fields.errorType === "string")
    return { errorType: fields.errorType, errorMessage: fields.errorMessage };
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, normal(item, name)]));
}

/** What is compared of an event. The recorder blanked the order inside parallel branches. */
function comparable(events: readonly RecordedEvent[], blank: boolean) {
  const plain = events.map((event) => {
    const { id, previousEventId, type } = event;
    return { id, previousEventId, type, details: normal(details(event)) };
  });
  if (!blank) return plain;
  return plain.map(({ type, details: said }) => JSON.stringify([type, said])).sort();
}

/** Tasks that timed out in the same moment: their order is chance. */
function settled(events: readonly RecordedEvent[]): RecordedEvent[] {
  return events.map((event) =>
    event.type === "TaskTimedOut" && events.length > 20 ? { ...event, previousEventId: 0 } : event,
  );
}

async function replay(recording: Recording): Promise<RecordedEvent[]> {
  const pending = answers(recording);
  const f = () => pending.shift()?.();
  const functions = new Proxy({}, { get: () => f });
  const events = recording.events.find(({ type }) => type === "TaskSucceeded" || type === "TaskFailed");
  const answer = events === undefined ? {} : details(events);
  const w = world({ functions, putEvents: () => parsed(answer.output ?? answer.cause) });
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

group.skipIf(!hasVectors)("recorded histories", () => {
  const all = hasVectors ? recordings() : [];
  const run = all.filter(({ name }) => excluded(name) === undefined);

  beforeAll(() => expect(all.length).toBeGreaterThan(200));

  it.each(run.map((recording) => [recording.name, recording] as const))("%s", async (_name, recording) => {
    const blank = recording.events.some(({ id }) => Array.isArray(id));
    const ours = await replay(recording);
    expect(comparable(settled(ours), blank)).toEqual(comparable(settled(recording.events), blank));
  });

  it("are excluded only for a reason that applies to one of them", () => {
    for (const [pattern] of EXCLUDED)
      expect(
        all.some(({ name }) => pattern.test(name)),
        String(pattern),
      ).toBe(true);
  });
});
