import { describe, expect, it } from "vitest";
import { seededRandom } from "../kernel/random.ts";
import type { Machine } from "./asl.ts";
import type { ExecutionFacts } from "./draft.ts";
import type { Happening } from "./happening.ts";
import { firstPosition, openCalls } from "./position.ts";
import { step } from "./step.ts";
import { errorNamed, history, machine, NOON, start, world } from "./testing.ts";

const facts: ExecutionFacts = {
  arn: "arn:aws:states:us-east-1:123456789012:execution:m:e",
  name: "e",
  input: { n: 1 },
  roleArn: "arn:aws:iam::123456789012:role/r",
  startedAt: NOON,
  machineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m",
  machineName: "m",
  region: "us-east-1",
};
const definition = JSON.parse(
  machine({
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f", Payload: "{% $uuid() %}" },
      TimeoutSeconds: 10,
      End: true,
    },
  }),
) as Machine;
const ambient = (now = NOON) => ({ now, random: seededRandom(3) });

describe("a step", () => {
  it("changes nothing that it is given, and comes out the same again", async () => {
    const before = firstPosition(undefined);
    const frozen = structuredClone(before);
    const first = await step(definition, facts, before, { kind: "begin" }, ambient());
    const second = await step(definition, facts, before, { kind: "begin" }, ambient());
    expect(second).toEqual(first);
    expect(before).toEqual(frozen);
    expect(first.effects).toHaveLength(1);
    expect(first.events.map(({ type }) => type)).toEqual([
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
    ]);
    // What is written to disk and read again is the same position.
    expect(JSON.parse(JSON.stringify(first.position))).toEqual(first.position);
  });

  it("makes nothing of what is not, or no longer, about an open task", async () => {
    const { position } = await step(
      definition,
      facts,
      firstPosition(undefined),
      { kind: "begin" },
      ambient(),
    );
    const [call] = openCalls(position);
    const happenings: Happening[] = [
      { kind: "begin" },
      { kind: "clock" },
      { kind: "answered", callId: "another", answer: { ok: true, output: 1 } },
      { kind: "reported", callId: "another", report: { kind: "success", output: 1 } },
    ];
    for (const happening of happenings) {
      const next = await step(definition, facts, position, happening, ambient());
      expect({ events: next.events, position: next.position }).toEqual({ events: [], position });
    }
    const done = { kind: "answered", callId: call?.id ?? "", answer: { ok: true, output: 1 } } as const;
    expect((await step(definition, facts, position, done, ambient())).ending?.status).toBe("SUCCEEDED");
    const late = await step(definition, facts, position, { kind: "clock" }, ambient(NOON + 10_000));
    expect(late.ending).toEqual({ status: "FAILED", failure: { error: "States.Timeout" } });
  });

  it("hears the first answer of a call that waits for a token, and no second one", async () => {
    const { T } = definition.States;
    const Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken";
    const waiting = { ...definition, States: { T: { ...T, Resource } } } as Machine;
    const { position } = await step(waiting, facts, firstPosition(undefined), { kind: "begin" }, ambient());
    const callId = openCalls(position)[0]?.id ?? "";
    const answered = { kind: "answered", callId, answer: { ok: true, output: 1 } } as const;
    const submitted = await step(waiting, facts, position, answered, ambient());
    expect(submitted.events.map(({ type }) => type)).toEqual(["TaskSubmitted"]);
    for (const answer of [answered.answer, { ok: false, failure: { error: "Late" } } as const]) {
      const again = await step(waiting, facts, submitted.position, { ...answered, answer }, ambient());
      expect({ events: again.events, ending: again.ending }).toEqual({ events: [], ending: undefined });
    }
  });

  it("fails the execution, rather than leave it hanging, when the engine itself is at fault", async () => {
    const broken = { ...definition, StartAt: "Nowhere" };
    const { ending, events, effects } = await step(
      broken,
      facts,
      firstPosition(undefined),
      { kind: "begin" },
      ambient(),
    );
    expect(ending).toMatchObject({ status: "FAILED", failure: { error: "States.Runtime" } });
    expect(events.map(({ type }) => type)).toEqual(["ExecutionFailed"]);
    expect(effects).toEqual([]);
  });
});

describe("two runs of one seed", () => {
  const busy = machine({
    Each: {
      Type: "Map",
      Items: [1, 2, 3, 4],
      MaxConcurrency: 3,
      ItemProcessor: {
        StartAt: "Try",
        States: {
          Try: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke",
            Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
            Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 9, JitterStrategy: "FULL" }],
            Output: "{% $uuid() %}",
            End: true,
          },
        },
      },
      End: true,
    },
  });

  async function told(seed: number) {
    let left = 6;
    const f = () => {
      if (left-- > 0) throw errorNamed("Flaky");
    };
    const w = world({ seed, functions: { f } });
    const arn = await start(w, busy, {}, "same");
    await w.clock.advance(3_600_000);
    return await history(w, arn);
  }

  it("are the same run, retries and ids and all", async () => {
    const first = JSON.stringify(await told(7)).replaceAll(/machine-\d+/g, "machine");
    expect(JSON.stringify(await told(7)).replaceAll(/machine-\d+/g, "machine")).toBe(first);
    expect(first).toContain("ExecutionSucceeded");
    expect(JSON.stringify(await told(8)).replaceAll(/machine-\d+/g, "machine")).not.toBe(first);
  });
});
