import fc from "fast-check";
import { expect, describe as group, it } from "vitest";
import type { Retrier } from "./asl.ts";
import { retryDelay } from "./retry.ts";
import { errorNamed, machine, NOON, outline, run, type TestFunction, world } from "./testing.ts";

const task = (more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "f", Payload: {} },
  Output: "{% $states.result.Payload %}",
  End: true,
  ...more,
});

/** Fails with each of these names in turn, then succeeds. */
function failing(...names: string[]): TestFunction {
  return () => {
    const name = names.shift();
    if (name !== undefined) throw errorNamed(name);
    return "ok";
  };
}

group("Retry", () => {
  it("waits one, two and four seconds by default, and then gives up", async () => {
    const w = world({ functions: { f: failing("A", "A", "A", "A") } });
    const result = await run(w, machine({ T: task({ Retry: [{ ErrorEquals: ["A"] }] }) }));
    expect(result).toMatchObject({ status: "FAILED", error: "A", seconds: 7 });
    expect(w.invocations.map(({ at }) => (at - NOON) / 1000)).toEqual([0, 1, 3, 7]);
  });

  it("counts each retrier for itself (the guide's own example)", async () => {
    const w = world({ functions: { f: failing("ErrorA", "ErrorB", "ErrorC", "ErrorB") } });
    const Retry = [
      { ErrorEquals: ["ErrorA", "ErrorB"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ["ErrorC"], IntervalSeconds: 5 },
    ];
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Z", Output: "{% $states.errorOutput.Error %}" }];
    const result = await run(w, machine({ T: task({ Retry, Catch }), Z: { Type: "Pass", End: true } }));
    expect(result).toMatchObject({ status: "SUCCEEDED", output: "ErrorB", seconds: 8 });
  });

  it("tells the function how often it was retried", async () => {
    const seen: unknown[] = [];
    const fail = failing("A", "A");
    const f: TestFunction = (payload, invocation) => {
      seen.push(payload);
      return fail(payload, invocation);
    };
    const Arguments = { FunctionName: "f", Payload: "{% $states.context.State.RetryCount %}" };
    await run(
      world({ functions: { f } }),
      machine({ T: task({ Arguments, Retry: [{ ErrorEquals: ["A"] }] }) }),
    );
    expect(seen).toEqual([0, 1, 2]);
  });

  it("schedules the task again, without leaving the state", async () => {
    const w = world({ functions: { f: failing("A") } });
    const { arn } = await run(w, machine({ T: task({ Retry: [{ ErrorEquals: ["States.TaskFailed"] }] }) }));
    expect(await outline(w, arn)).toEqual([
      "1 < 0: ExecutionStarted",
      "2 < 0: TaskStateEntered",
      "3 < 2: TaskScheduled",
      "4 < 3: TaskStarted",
      "5 < 4: TaskFailed",
      "6 < 5: TaskScheduled",
      "7 < 6: TaskStarted",
      "8 < 7: TaskSucceeded",
      "9 < 8: TaskStateExited",
      "10 < 9: ExecutionSucceeded",
    ]);
  });

  it("begins a Parallel anew, with everything in it", async () => {
    const w = world({ functions: { f: failing("A") } });
    const Branches = [
      { StartAt: "T", States: { T: task() } },
      { StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, End: true } } },
    ];
    const states = {
      P: { Type: "Parallel", Branches, Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 3 }], End: true },
    };
    const result = await run(w, machine(states));
    expect(result).toMatchObject({ status: "SUCCEEDED", output: ["ok", {}], seconds: 103 });
    expect((await outline(w, result.arn)).slice(2, 12)).toEqual([
      "3 < 2: ParallelStateStarted",
      "4 < 3: TaskStateEntered",
      "5 < 4: TaskScheduled",
      "6 < 3: WaitStateEntered",
      "7 < 5: TaskStarted",
      "8 < 7: TaskFailed",
      "9 < 8: TaskStateAborted",
      "10 < 8: WaitStateAborted",
      "11 < 8: ParallelStateStarted",
      "12 < 11: TaskStateEntered",
    ]);
  });

  it("never waits longer than MaxDelaySeconds, nor shorter than it says", () => {
    const retriers: fc.Arbitrary<Retrier> = fc.record(
      {
        ErrorEquals: fc.constant(["A"]),
        IntervalSeconds: fc.integer({ min: 1, max: 10_000 }),
        BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
        MaxDelaySeconds: fc.integer({ min: 1, max: 100_000 }),
        JitterStrategy: fc.constantFrom("FULL" as const, "NONE" as const),
      },
      { requiredKeys: ["ErrorEquals"] },
    );
    fc.assert(
      fc.property(
        retriers,
        fc.nat(200),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retrier, n, chance) => {
          const delay = retryDelay(retrier, n, () => chance);
          const most = (retrier.MaxDelaySeconds ?? 99_999_999) * 1000;
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(most);
          if (retrier.JitterStrategy !== "FULL") {
            const before = n === 0 ? 0 : retryDelay(retrier, n - 1, () => chance);
            expect(delay).toBeGreaterThanOrEqual(before);
            if (n === 0) expect(delay).toBe(Math.min((retrier.IntervalSeconds ?? 1) * 1000, most));
          }
        },
      ),
    );
  });
});
