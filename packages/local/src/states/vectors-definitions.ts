import { FUNCTION, machine } from "./testing.ts";
import { definition, inJsonata, type Recording } from "./vectors.ts";

type Fields = Record<string, unknown>;

/** Definitions whose name is not in the test's. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/test_decl_version/, "decl_version_1_0"],
  [/\[CONDITION_/, "choice_condition_jsonata"],
  [/BASE_LAMBDA_EXPRESSION/, "base_lambda_expressions"],
  [/test_assign_in_catch_state/, "base_assign_in_catch"],
  [
    /^test_task_lambda test_raise_exception$|^test_task_lambda test_no_such_function$/,
    "task_lambda_invoke_catch_tbd",
  ],
];

/** Where definitions of one name lie in several folders. */
const FOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^test_output /, "outputdecl"],
  [/^test_assign/, "assign"],
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
    /^test_sfn_api |test_state_pass_result$/,
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
export function definitionOf(recording: Recording): string {
  const own = OWN.find(([pattern]) => pattern.test(recording.name))?.[1];
  if (own !== undefined) return machine(own(recording));
  const named = NAMED.find(([pattern]) => pattern.test(recording.name))?.[1] ?? recording.variant;
  const folder = FOLDERS.find(([pattern]) => pattern.test(recording.name))?.[1];
  const found = definition(named, folder);
  if (found === undefined) throw new Error(`no definition for ${recording.name}`);
  const placed = JSON.stringify(inJsonata(found)).replace(
    /%LAMBDA_FUNCTION_ARN_LITERAL_PLACEHOLDER%|__tbd__/g,
    `${FUNCTION}f`,
  );
  return placed;
}
