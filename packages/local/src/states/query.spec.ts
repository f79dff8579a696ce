import { describe, expect, it } from "vitest";
import { seededRandom } from "../kernel/random.ts";
import { StateFailed } from "./failure.ts";
import { evaluate } from "./query.ts";

const bindings = {
  states: { input: { name: "release", items: [3, 1, 2] } },
  variables: { share: 25 },
  ambient: { now: Date.UTC(2026, 10, 2, 12), random: seededRandom(1) },
};
const value = (expression: string) => evaluate(`{% ${expression} %}`, bindings, "Output");

describe("expressions", () => {
  it.each<[string, unknown]>([
    ["$states.input.name & $share", "release25"],
    ["$partition([1..5], 2)", [[1, 2], [3, 4], [5]]],
    ["$partition(7, 2)", [[7]]],
    ["$range(0, 10, 5)", [0, 5, 10]],
    ["$range(3, 1, -1)", [3, 2, 1]],
    ["$range(3, 1, 1)", []],
    ["$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["$hash({'a': 1}, 'MD5') = $hash('{\"a\":1}', 'MD5')", true],
    ["$parse('[1, {\"a\": 2}]')", [1, { a: 2 }]],
    ["$random(5) = $random(5)", true],
    ["$random() = $random()", false],
    ["$millis()", Date.UTC(2026, 10, 2, 12)],
    ["$now()", "2026-11-02T12:00:00.000Z"],
    ["$now('[Y]-[M01]', '+0100')", "2026-11"],
    ["$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/).index", 0],
    ["$sort($states.input.items)", [1, 2, 3]],
    ["null", null],
    ["-0", 0],
  ])("%s", async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  it.each([
    [
      "$nothing",
      "The JSONata expression '$nothing' specified for the field 'Output' returned nothing (undefined).",
    ],
    ["function($x) { $x }", "returned a function"],
    ["{'f': $sum}", "returned a function"],
    ["1 + 'a'", "threw an error during evaluation. T2002: The right side of the"],
    ["$error('no')", "D3137: no"],
    ["$partition([1], 0)", "$partition needs a size of at least 1, got 0"],
    ["$range(1, 5000, 1)", "$range gives at most 1000 values, got 5000"],
    ["$hash('a', 'SHA-3')", "$hash knows MD5, SHA-1, SHA-256, SHA-384, SHA-512, got SHA-3"],
    ["$parse('{')", "threw an error"],
  ])("%s fails", async (expression, cause) => {
    const failure = await value(expression).then(
      () => undefined,
      (error: unknown) => (error instanceof StateFailed ? error.failure : error),
    );
    expect(failure).toMatchObject({
      error: "States.QueryEvaluationError",
      cause: expect.stringContaining(cause),
    });
  });

  it("change nothing that they are given", async () => {
    const before = structuredClone(bindings.states);
    await value("$states.input ~> |$|{'name': 'other'}|");
    expect(bindings.states).toEqual(before);
  });

  it("name the place of what fails, at any depth", async () => {
    await expect(evaluate({ a: [1, { b: "{% $nothing %}" }] }, bindings, "Arguments")).rejects.toMatchObject({
      failure: { location: "Arguments/a[1]/b" },
    });
  });

  it("are only what begins with {% and ends with %}", async () => {
    expect(await evaluate(" {% 1 %}", bindings, "Output")).toBe(" {% 1 %}");
  });
});
