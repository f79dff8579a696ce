import { readFileSync } from "node:fs";
import validate from "asl-validator";
import { describe, expect, it } from "vitest";
import { FUNCTIONS, MACHINES } from "./deployment.ts";
import { LAMBDAS } from "./lambdas/index.ts";

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName?: string };
  readonly TimeoutSeconds?: number | string;
  readonly Retry?: readonly unknown[];
  readonly ItemProcessor?: { readonly States: Record<string, State> };
}

function statesOf(states: Record<string, State>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...statesOf(state.ItemProcessor?.States ?? {}),
  ]);
}

describe.each(MACHINES)("the state machine %s", (name) => {
  const text = readFileSync(new URL(`../workflows/${name}.asl.json`, import.meta.url), "utf8");
  const definition = JSON.parse(text) as {
    QueryLanguage: string;
    TimeoutSeconds: number;
    States: Record<string, State>;
  };
  const states = statesOf(definition.States);

  it("is valid ASL", () => {
    expect(validate(definition as never, { checkPaths: true, checkArn: false })).toMatchObject({
      isValid: true,
      errors: [],
    });
  });

  it("is written in JSONata, and nothing in it is JSONPath", () => {
    expect(definition.QueryLanguage).toBe("JSONata");
    for (const field of [
      "Parameters",
      "ResultPath",
      "ResultSelector",
      "InputPath",
      "OutputPath",
      "Variable",
    ]) {
      expect(text).not.toContain(`"${field}"`);
    }
  });

  it("ends, and so does each of its tasks, and each is tried again", () => {
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
    for (const [state, { Type, TimeoutSeconds, Retry }] of states) {
      if (Type !== "Task") continue;
      expect(TimeoutSeconds, state).toBeDefined();
      expect(Retry?.length, state).toBeGreaterThan(0);
    }
  });

  it("calls functions that there are, and nothing else", () => {
    for (const [state, { Type, Resource, Arguments }] of states) {
      if (Type !== "Task") continue;
      expect(Resource, state).toMatch(/^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/);
      const called = /^\$\{([a-z-]+)\}$/.exec(Arguments?.FunctionName ?? "")?.[1] ?? "";
      expect(Object.keys(FUNCTIONS), state).toContain(called);
    }
  });
});

describe("the deployment", () => {
  it("has code for every function", () => {
    expect([...Object.keys(LAMBDAS), "api"].toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
  });
});
