import { describe, expect, it } from "vitest";
import { checkDefinition } from "./definition-check.ts";
import { FUNCTION, machine } from "./testing.ts";

const task = (more: object) => ({ T: { Type: "Task", Resource: `${FUNCTION}f`, End: true, ...more } });
const one = (state: object) => machine({ A: { ...state } });
const inner = (states: object) => ({ StartAt: Object.keys(states)[0], States: states });

function problems(definition: string): string[] {
  const checked = checkDefinition(definition);
  return checked.ok ? [] : checked.problems.map(({ location, message }) => `${location}: ${message}`);
}

describe("definitions that the engine cannot run as they say are refused, with the place", () => {
  it.each([
    [
      "JSONPath as the language",
      '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
      /^\/States\/A: .*this state is JSONPath/,
    ],
    [
      "one JSONPath state",
      machine({ A: { Type: "Pass", QueryLanguage: "JSONPath", End: true } }),
      /^\/States\/A/,
    ],
    [
      "InputPath",
      one({ Type: "Pass", InputPath: "$.a", End: true }),
      /^\/States\/A\/InputPath: .*belongs to JSONPath/,
    ],
    ["Parameters", machine(task({ Parameters: {} })), /^\/States\/T\/Parameters: .*belongs to JSONPath/],
    [
      "ResultPath in a catcher",
      machine({
        ...task({ Catch: [{ ErrorEquals: ["A"], Next: "S", ResultPath: "$.e" }] }),
        S: { Type: "Succeed" },
      }),
      /^\/States\/T\/Catch\[0\]\/ResultPath/,
    ],
    [
      "an unknown field",
      one({ Type: "Pass", Outputs: 1, End: true }),
      /^\/States\/A\/Outputs: .*not supported in a Pass state; it takes/,
    ],
    ["an unknown field of the machine", machine({ A: { Type: "Succeed" } }, { Timeout: 1 }), /^\/Timeout/],
    ["Credentials", machine(task({ Credentials: {} })), /^\/States\/T\/Credentials/],
    [
      "DISTRIBUTED",
      one({
        Type: "Map",
        ItemProcessor: {
          ...inner({ P: { Type: "Succeed" } }),
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        },
        End: true,
      }),
      /ItemProcessor\/ProcessorConfig: .*DISTRIBUTED/,
    ],
    [
      "ItemReader",
      one({ Type: "Map", ItemReader: {}, ItemProcessor: inner({ P: { Type: "Succeed" } }), End: true }),
      /^\/States\/A\/ItemReader/,
    ],
    [
      "a service it does not serve",
      machine(task({ Resource: "arn:aws:states:::sqs:sendMessage" })),
      /^\/States\/T\/Resource: .*sqs:sendMessage.*it serves arn:aws:states:::lambda:invoke/,
    ],
    [
      "a field inside a branch",
      one({ Type: "Parallel", Branches: [inner({ P: { Type: "Pass", Result: 1, End: true } })], End: true }),
      /^\/States\/A\/Branches\[0\]\/States\/P\/Result/,
    ],
    [
      "TimeoutSeconds of a branch",
      one({
        Type: "Parallel",
        Branches: [{ ...inner({ P: { Type: "Succeed" } }), TimeoutSeconds: 1 }],
        End: true,
      }),
      /Branches\[0\]\/TimeoutSeconds/,
    ],
    ["a transition to nowhere", one({ Type: "Pass", Next: "Nowhere" }), /Nowhere/],
    ["no end", machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }), /terminal/i],
    ["no StartAt", '{"QueryLanguage":"JSONata","States":{}}', /^\/: These fields are required: \[StartAt\]/],
    ["a type that is none", one({ Type: "Loop", End: true }), /^\/States\/A: Type must be one of/],
    [
      "an expression that does not parse",
      one({ Type: "Pass", Output: "{% 1 + %}", End: true }),
      /^\/States\/A\/Output: The JSONata expression cannot be used: S0207/,
    ],
    ["what only later JSONata knows", one({ Type: "Pass", Output: "{% $a ?: 1 %}", End: true }), /S0211/],
    [
      "$eval",
      one({ Type: "Pass", Output: { x: "{% $eval('1') %}" }, End: true }),
      /^\/States\/A\/Output\/x: .*\$eval/,
    ],
    [
      "$ at the top",
      one({ Type: "Pass", Output: "{% $.a %}", End: true }),
      /\$ is not supported at the top level/,
    ],
    [
      "$$",
      one({ Type: "Pass", Output: "{% $states.input[a = $$.b] %}", End: true }),
      /\$\$ is not supported/,
    ],
    [
      "a field name alone",
      one({ Type: "Pass", Output: "{% a + 1 %}", End: true }),
      /'a' stands alone; write \$states\.input\.a/,
    ],
    [
      "a field name alone in a function",
      one({ Type: "Pass", Output: "{% $map([1], function($v) { $v + a }) %}", End: true }),
      /'a' stands alone/,
    ],
    [
      "a variable named states",
      one({ Type: "Pass", Assign: { states: 1 }, End: true }),
      /^\/States\/A\/Assign: 'states' cannot be/,
    ],
    [
      "an outer variable assigned inside",
      machine({
        A: { Type: "Pass", Assign: { x: 1 }, Next: "B" },
        B: {
          Type: "Parallel",
          Branches: [inner({ P: { Type: "Pass", Assign: { x: 2 }, End: true } })],
          End: true,
        },
      }),
      /^\/States\/B\/Branches\[0\]\/States: The variable 'x'/,
    ],
  ])("%s", (_what, definition, expected) => {
    expect(problems(definition).join("\n")).toMatch(expected);
  });
});

describe("definitions that the engine can run are taken", () => {
  it.each([
    [
      "field names inside a path, a filter, a group, a sort, a transform",
      one({
        Type: "Pass",
        Output: "{% $states.input.a[b = 1 and $.c]^(>d){e: f}.($ ~> |g|{'h': i}|) %}",
        End: true,
      }),
    ],
    [
      "an expression over several lines",
      one({ Type: "Pass", Output: "{%\n  $states.input.a\n%}", End: true }),
    ],
    ["an Output of any kind", one({ Type: "Pass", Output: [1, "a", null, { b: [true] }], End: true })],
    [
      "TimeoutSeconds by expression",
      machine(task({ TimeoutSeconds: "{% $states.input.t %}", HeartbeatSeconds: 5 })),
    ],
    [
      "Items as a literal",
      one({ Type: "Map", Items: [1, 2], ItemProcessor: inner({ P: { Type: "Succeed" } }), End: true }),
    ],
    [
      "JSONata said state by state",
      '{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","End":true}}}',
    ],
    [
      "the same variable in two branches",
      one({
        Type: "Parallel",
        Branches: [
          inner({ P: { Type: "Pass", Assign: { x: 2 }, End: true } }),
          inner({ Q: { Type: "Pass", Assign: { x: 3 }, End: true } }),
        ],
        End: true,
      }),
    ],
    [
      "states that are named like fields",
      machine({ Output: { Type: "Pass", Next: "Items" }, Items: { Type: "Succeed" } }),
    ],
  ])("%s", (_what, definition) => {
    expect(problems(definition)).toEqual([]);
  });
});
