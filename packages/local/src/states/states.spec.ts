import { expect, describe as group, it } from "vitest";
import { errorNamed, FUNCTION, machine, run, world } from "./testing.ts";

const end = { End: true };

interface Case {
  readonly name: string;
  readonly states: object;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly seconds?: number;
}

const functions = {
  double: ({ n }: { n: number }) => ({ n: n * 2 }),
  refuse: ({ name }: { name: string }) => {
    throw errorNamed(name, "refused");
  },
};

const invoke = (name: string, payload: unknown) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: name, Payload: payload },
});

const cases: Case[] = [
  {
    name: "Pass hands on its input",
    states: { A: { Type: "Pass", ...end } },
    input: { a: 1 },
    output: { a: 1 },
  },
  {
    name: "Pass gives its Output, at any depth",
    states: { A: { Type: "Pass", Output: { x: ["{% $states.input.a + 1 %}", "as it is"] }, ...end } },
    input: { a: 1 },
    output: { x: [2, "as it is"] },
  },
  {
    name: "Assign and Output both see the variables as they were",
    states: {
      A: { Type: "Pass", Assign: { n: 1 }, Next: "B" },
      B: { Type: "Pass", Assign: { n: "{% $n + 1 %}" }, Output: "{% $n %}", Next: "C" },
      C: { Type: "Pass", Output: "{% [$states.input, $n] %}", ...end },
    },
    output: [1, 2],
  },
  {
    name: "Choice takes the first rule that holds, with its own Output and Assign",
    states: {
      A: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.n > 5 %}", Next: "Big", Output: "big" },
          { Condition: "{% $states.input.n > 1 %}", Next: "Big", Output: "middling", Assign: { seen: true } },
        ],
        Default: "Small",
      },
      Big: { Type: "Pass", Output: "{% [$states.input, $exists($seen)] %}", ...end },
      Small: { Type: "Pass", ...end },
    },
    input: { n: 3 },
    output: ["middling", true],
  },
  {
    name: "Choice takes Default, with the state's Output",
    states: {
      A: {
        Type: "Choice",
        Choices: [{ Condition: "{% false %}", Next: "B", Output: "rule" }],
        Default: "B",
        Output: "default",
      },
      B: { Type: "Pass", ...end },
    },
    output: "default",
  },
  {
    name: "Choice without a match fails",
    states: {
      A: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "B" }] },
      B: { Type: "Succeed" },
    },
    error: "States.NoChoiceMatched",
  },
  {
    name: "a Condition must be a boolean",
    states: {
      A: { Type: "Choice", Choices: [{ Condition: "{% 'yes' %}", Next: "B" }] },
      B: { Type: "Succeed" },
    },
    error: "States.QueryEvaluationError",
  },
  {
    name: "Wait waits for Seconds",
    states: { A: { Type: "Wait", Seconds: "{% $states.input.s %}", ...end } },
    input: { s: 90 },
    output: { s: 90 },
    seconds: 90,
  },
  {
    name: "Wait waits for longer than a timer of Node holds",
    states: { A: { Type: "Wait", Seconds: 60 * 86_400, ...end } },
    output: {},
    seconds: 60 * 86_400,
  },
  {
    name: "Wait waits until a Timestamp",
    states: { A: { Type: "Wait", Timestamp: "2026-11-02T14:00:00+01:00", ...end } },
    output: {},
    seconds: 3600,
  },
  {
    name: "Wait for a Timestamp that is past is over at once",
    states: { A: { Type: "Wait", Timestamp: "{% $states.input.at %}", ...end } },
    input: { at: "2020-01-01T00:00:00Z" },
    output: { at: "2020-01-01T00:00:00Z" },
    seconds: 0,
  },
  {
    name: "Wait refuses a Timestamp without an offset",
    states: { A: { Type: "Wait", Timestamp: "{% '2026-11-02T14:00:00' %}", ...end } },
    error: "States.Runtime",
  },
  {
    name: "Wait refuses a negative number of seconds",
    states: { A: { Type: "Wait", Seconds: "{% -1 %}", ...end } },
    error: "States.QueryEvaluationError",
  },
  { name: "Succeed gives its Output", states: { A: { Type: "Succeed", Output: "done" } }, output: "done" },
  {
    name: "Fail declares its error, by expression too",
    states: { A: { Type: "Fail", Error: "{% 'No' & 'Go' %}", Cause: "said so" } },
    error: "NoGo",
  },
  {
    name: "Task invokes a function through lambda:invoke",
    states: {
      A: {
        ...invoke("double", { n: "{% $states.input.n %}" }),
        Output: "{% $states.result.Payload %}",
        ...end,
      },
    },
    input: { n: 4 },
    output: { n: 8 },
  },
  {
    name: "Task invokes a function by its ARN, with the input for want of Arguments",
    states: { A: { Type: "Task", Resource: `${FUNCTION}double`, ...end } },
    input: { n: 4 },
    output: { n: 8 },
  },
  {
    name: "a function's error is the task's error",
    states: { A: { ...invoke("refuse", { name: "Nope" }), ...end } },
    error: "Nope",
  },
  {
    name: "a function that is not there",
    states: { A: { ...invoke("nobody", {}), ...end } },
    error: "Lambda.ResourceNotFoundException",
  },
  {
    name: "Catch gives the error and goes on",
    states: {
      A: {
        ...invoke("refuse", { name: "Nope" }),
        Catch: [
          { ErrorEquals: ["Other"], Next: "B" },
          {
            ErrorEquals: ["Nope"],
            Next: "B",
            Assign: { why: "{% $states.errorOutput.Error %}" },
            Output: { was: "{% $states.input %}" },
          },
        ],
        ...end,
      },
      B: { Type: "Pass", Output: "{% [$why, $states.input.was] %}", ...end },
    },
    input: 7,
    output: ["Nope", 7],
  },
  {
    name: "a Catch whose own expression fails ends the execution",
    states: {
      A: {
        ...invoke("refuse", { name: "Nope" }),
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "B", Output: "{% $nothing %}" }],
        ...end,
      },
      B: { Type: "Pass", ...end },
    },
    error: "States.QueryEvaluationError",
  },
  {
    name: "an expression that fails can be caught in a Task",
    states: {
      A: {
        ...invoke("double", { n: "{% $nothing %}" }),
        Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "B", Output: "caught" }],
        ...end,
      },
      B: { Type: "Pass", ...end },
    },
    output: "caught",
  },
  {
    name: "Parallel joins its branches' outputs, in order",
    states: {
      A: {
        Type: "Parallel",
        Branches: [
          { StartAt: "W", States: { W: { Type: "Wait", Seconds: 5, Output: "slow", ...end } } },
          { StartAt: "P", States: { P: { Type: "Pass", Output: "{% $states.input %}", ...end } } },
        ],
        Arguments: "quick",
        ...end,
      },
    },
    output: ["slow", "quick"],
    seconds: 5,
  },
  {
    name: "branches see the outer variables and keep their own to themselves",
    states: {
      A: { Type: "Pass", Assign: { outer: 1 }, Next: "B" },
      B: {
        Type: "Parallel",
        Branches: [
          {
            StartAt: "P",
            States: {
              P: { Type: "Pass", Assign: { inner: "{% $outer + 1 %}" }, Next: "Q" },
              Q: { Type: "Pass", Output: "{% $inner + $outer %}", ...end },
            },
          },
        ],
        Next: "C",
      },
      C: { Type: "Pass", Output: "{% [$states.input, $exists($inner)] %}", ...end },
    },
    output: [3, false],
  },
  {
    name: "one branch's failure ends the Parallel, and can be caught there",
    states: {
      A: {
        Type: "Parallel",
        Branches: [
          { StartAt: "W", States: { W: { Type: "Wait", Seconds: 500, ...end } } },
          { StartAt: "F", States: { F: { Type: "Fail", Error: "Broken" } } },
        ],
        Catch: [{ ErrorEquals: ["Broken"], Next: "B", Output: "caught" }],
        ...end,
      },
      B: { Type: "Pass", ...end },
    },
    output: "caught",
    seconds: 0,
  },
  {
    name: "Map runs its items, and knows their index and value",
    states: {
      A: {
        Type: "Map",
        Items: "{% $states.input.items %}",
        ItemSelector: {
          at: "{% $states.context.Map.Item.Index %}",
          v: "{% $states.context.Map.Item.Value %}",
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "P",
          States: {
            P: { Type: "Pass", Output: "{% $states.input.v & $states.context.Map.Item.Index %}", ...end },
          },
        },
        ...end,
      },
    },
    input: { items: ["a", "b"] },
    output: ["a0", "b1"],
  },
  {
    name: "Map holds to MaxConcurrency",
    states: {
      A: {
        Type: "Map",
        MaxConcurrency: 2,
        ItemProcessor: { StartAt: "W", States: { W: { Type: "Wait", Seconds: 10, ...end } } },
        ...end,
      },
    },
    input: [1, 2, 3, 4, 5],
    output: [1, 2, 3, 4, 5],
    seconds: 30,
  },
  {
    name: "Map of nothing gives nothing",
    states: {
      A: { Type: "Map", ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", ...end } } }, ...end },
    },
    input: [],
    output: [],
  },
  {
    name: "Map of something that is no array",
    states: {
      A: { Type: "Map", ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", ...end } } }, ...end },
    },
    input: { a: 1 },
    error: "States.QueryEvaluationError",
  },
  {
    name: "the context says what runs",
    states: {
      A: {
        Type: "Pass",
        Output:
          "{% [$states.context.State.Name, $states.context.Execution.Input.a, $states.context.State.EnteredTime] %}",
        ...end,
      },
    },
    input: { a: 1 },
    output: ["A", 1, "2026-11-02T12:00:00.000Z"],
  },
  {
    name: "an output of more than 256 KiB fails the state",
    states: {
      A: { Type: "Pass", Output: "{% $join($map([1..30000], function($v) { '0123456789' })) %}", ...end },
    },
    error: "States.DataLimitExceeded",
  },
];

group("each type of state", () => {
  it.each(cases)("$name", async ({ states, input, output, error, seconds }) => {
    const w = world({ functions });
    const result = await run(w, machine(states), input ?? {});
    expect({ error: result.error, output: result.output }).toEqual({ error, output });
    if (seconds !== undefined) expect(result.seconds).toBe(seconds);
    expect(w.errors).toEqual([]);
  });
});
