import { expect, describe as group, it } from "vitest";
import {
  describe,
  history,
  machine,
  NOON,
  outline,
  run,
  start,
  type TestFunction,
  world,
} from "./testing.ts";

const task = (more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "f", Payload: {} },
  Output: "{% $states.result.Payload %}",
  End: true,
  ...more,
});

group("time-outs", () => {
  const never = () => new Promise(() => {});
  /** A function that takes this many seconds of the engine's time. */
  const slow =
    (seconds: number, w: { sleep?: (ms: number) => Promise<void> }): TestFunction =>
    async () => {
      await w.sleep?.(seconds * 1000);
      return "late";
    };

  function slowWorld(seconds: number) {
    const late: { sleep?: (ms: number) => Promise<void> } = {};
    const w = world({ functions: { f: slow(seconds, late) } });
    late.sleep = (ms) => w.kernel.sleep(ms);
    return w;
  }

  it("ends a task that takes too long, and does not hear its late answer", async () => {
    const w = slowWorld(30);
    const Catch = [{ ErrorEquals: ["States.Timeout"], Next: "W", Output: "{% $states.errorOutput %}" }];
    const result = await run(
      w,
      machine({ T: task({ TimeoutSeconds: 10, Catch }), W: { Type: "Wait", Seconds: 60, End: true } }),
    );
    expect(result).toMatchObject({
      status: "SUCCEEDED",
      output: { Error: "States.Timeout", Cause: "" },
      seconds: 70,
    });
    expect(await outline(w, result.arn)).toContain("5 < 4: TaskTimedOut");
  });

  it("takes TimeoutSeconds from an expression, and says it in the history", async () => {
    const w = slowWorld(3);
    const { arn, status } = await run(w, machine({ T: task({ TimeoutSeconds: "{% $states.input.t %}" }) }), {
      t: 5,
    });
    expect(status).toBe("SUCCEEDED");
    const [, , scheduled] = await history(w, arn);
    expect(scheduled?.taskScheduledEventDetails?.timeoutInSeconds).toBe(5);
  });

  it.each([
    ["States.TaskFailed", "FAILED"],
    ["States.Timeout", "SUCCEEDED"],
    ["States.HeartbeatTimeout", "FAILED"],
    ["States.ALL", "SUCCEEDED"],
  ])("%s does or does not match a time-out: %s", async (name, status) => {
    const Catch = [{ ErrorEquals: [name], Next: "S" }];
    const w = slowWorld(30);
    expect(
      await run(w, machine({ T: task({ TimeoutSeconds: 10, Catch }), S: { Type: "Succeed" } })),
    ).toMatchObject({ status });
  });

  it("ends the execution at the machine's own TimeoutSeconds", async () => {
    const w = world({ functions: { f: never } });
    const arn = await start(
      w,
      machine({ W: { Type: "Wait", Seconds: 100, End: true } }, { TimeoutSeconds: 40 }),
    );
    await w.clock.advance(39_999);
    expect((await describe(w, arn)).status).toBe("RUNNING");
    await w.clock.advance(1);
    expect(await describe(w, arn)).toMatchObject({ status: "TIMED_OUT", stopDate: new Date(NOON + 40_000) });
    expect((await history(w, arn)).at(-1)?.type).toBe("ExecutionTimedOut");
  });
});
