import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListExecutionsCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, describe as group, it } from "vitest";
import { type EngineStore, openStore } from "../kernel/store.ts";
import type { OpenExecution } from "./model.ts";
import { openCalls } from "./position.ts";
import {
  create,
  describe,
  errorNamed,
  heapUsed,
  history,
  machine,
  NOON,
  start,
  type World,
  type WorldOptions,
  world,
} from "./testing.ts";
import { taskToken } from "./token.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gonogo-states-"));
  file = join(folder, "engine.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Death = "right after it has written" | "when it would write again";

/** A store whose process dies after one transaction: what comes later is neither done nor said. */
function mortal(store: EngineStore, death: Death) {
  let left = 1;
  let dead = false;
  const gone = () => {
    dead = true;
    throw new Error("the process is gone");
  };
  const proxy: EngineStore = {
    ...bound(store),
    transaction<T>(work: () => T): T {
      if (left === 0) return gone() as T;
      left -= 1;
      const done = store.transaction(work);
      if (left === 0 && death === "right after it has written") dead = true;
      return done;
    },
  };
  return { store: proxy, isDead: () => dead };
}

const bound = (store: EngineStore) => ({
  table: <T>(name: string) => store.table<T>(name),
  archive: <T>(name: string) => store.archive<T>(name),
  log: <T>(name: string) => store.log<T>(name),
  close: () => store.close(),
});

const call = (name: string, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: name, Payload: "{% $states.input %}" },
  Output: "{% $states.result.Payload %}",
  ...more,
});

/** Something of everything: a call, a retry, a wait, a Map, a Parallel, a token and a child. */
const DEFINITION = machine({
  First: call("first", { Next: "Flaky" }),
  Flaky: call("flaky", {
    Retry: [{ ErrorEquals: ["Flaky"], IntervalSeconds: 3, MaxAttempts: 20 }],
    Assign: { seen: 1 },
    Next: "Rest",
  }),
  Rest: { Type: "Wait", Seconds: 60, Next: "Each" },
  Each: {
    Type: "Map",
    Items: [1, 2, 3],
    MaxConcurrency: 2,
    ItemProcessor: {
      StartAt: "One",
      States: { One: call("one", { Next: "Nap" }), Nap: { Type: "Wait", Seconds: 5, End: true } },
    },
    Next: "Both",
  },
  Both: {
    Type: "Parallel",
    Branches: [
      {
        StartAt: "Ask",
        States: {
          Ask: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
            Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
            End: true,
          },
        },
      },
      {
        StartAt: "Child",
        States: {
          Child: {
            Type: "Task",
            Resource: "arn:aws:states:::states:startExecution.sync:2",
            Arguments: {
              StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:child",
              Input: { n: 2 },
            },
            Output: "{% $states.result.Output %}",
            End: true,
          },
        },
      },
    ],
    Output: "{% [$seen, $states.result] %}",
    End: true,
  },
});
const CHILD = machine({ W: { Type: "Wait", Seconds: 20, Next: "T" }, T: call("child", { End: true }) });
// An array that is no literal is spread in JSONata.
const EXPECTED = [1, "yes", "grown"];

/** One process over the file. Its functions do nothing once it is dead. */
function life(options: {
  death: Death;
  from: number;
  called: Record<string, number>;
  failures: { left: number };
}) {
  const { store, isDead } = mortal(openStore(file), options.death);
  const counted = (name: string, result: (payload: never) => unknown) => (payload: never) => {
    if (isDead()) return new Promise(() => {});
    options.called[name] = (options.called[name] ?? 0) + 1;
    return result(payload);
  };
  const functions: WorldOptions["functions"] = {
    first: counted("first", () => "a"),
    flaky: counted("flaky", () => {
      if (options.failures.left-- > 0) throw errorNamed("Flaky");
      return "b";
    }),
    one: counted("one", (n) => n * 10),
    child: counted("child", () => "grown"),
    ask: counted("ask", ({ token }: { token: string }) => {
      answer(w, token);
      return null;
    }),
  };
  const w: World = world({ store, start: options.from, functions, seed: options.from });
  return { w, isDead, store };
}

/** A person who answers after a minute, and again should it not have been heard. */
function answer(w: World, taskToken: string): void {
  w.clock.at(w.clock.now() + 60_000, () =>
    w.kernel.activity.spawn(async () => {
      await w.client.send(new SendTaskSuccessCommand({ taskToken, output: '"yes"' })).catch(() => {});
    }),
  );
}

group("an execution outlives its process", () => {
  it.each<Death>(["right after it has written", "when it would write again"])(
    "at every transaction, if the process dies %s",
    async (death) => {
      const setup = world({ store: openStore(file) });
      await create(setup, CHILD, "child");
      const machineArn = await create(setup, DEFINITION, "parent");
      setup.kernel.store.close();

      const called: Record<string, number> = {};
      const failures = { left: 2 };
      let from = NOON;
      let arn = "";
      let lives = 0;
      for (;;) {
        lives++;
        expect(lives).toBeLessThan(200);
        const { w, isDead, store } = life({ death, from, called, failures });
        w.states.resume();
        if (arn === "") arn = w.states.starter.start(machineArn, "only", { n: 1 }).executionArn;
        // A task that waits for its token is asked again, should the person have been told by a dead process.
        for (const token of openTokens(w, arn)) answer(w, token);
        await Promise.race([w.clock.runUntil(isDead, w.clock.now() + 86_400_000), died(isDead)]);
        from = w.clock.now() + 1000;
        store.close();
        const after = world({ store: openStore(file), start: from });
        const { status, output } = await describe(after, arn);
        const events = status === "RUNNING" ? [] : await history(after, arn);
        after.kernel.store.close();
        if (status === "RUNNING") continue;
        expect({ status, output: JSON.parse(output ?? "null") }).toEqual({
          status: "SUCCEEDED",
          output: EXPECTED,
        });
        expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
        break;
      }
      expect(lives).toBeGreaterThan(15);
      // A call that was made and not recorded is made again.
      const calls = Object.values(called).reduce((sum, count) => sum + count, 0);
      if (death === "when it would write again") expect(calls).toBeGreaterThan(9);
      expect(called.first).toBeGreaterThanOrEqual(1);
      expect(called.flaky).toBeGreaterThanOrEqual(3);
      expect(called.one).toBeGreaterThanOrEqual(3);
      expect(called.child).toBeGreaterThanOrEqual(1);
      expect(called.ask).toBeGreaterThanOrEqual(1);
    },
    120_000,
  );

  it("keeps its timers, and fires at once what fell due meanwhile", async () => {
    const first = world({ store: openStore(file) });
    const arn = await start(first, machine({ W: { Type: "Wait", Seconds: 600, End: true } }));
    await first.clock.advance(60_000);
    first.kernel.store.close();

    const second = world({ store: openStore(file), start: NOON + 120_000 });
    second.states.resume();
    await second.clock.advance(479_999);
    expect((await describe(second, arn)).status).toBe("RUNNING");
    second.kernel.store.close();

    const third = world({ store: openStore(file), start: NOON + 7_200_000 });
    third.states.resume();
    await third.clock.advance(0);
    expect((await describe(third, arn)).status).toBe("SUCCEEDED");
    third.kernel.store.close();
  });

  it("keeps its tokens, and its heartbeat's deadline", async () => {
    const ask = {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: "{% $states.context.Task.Token %}" },
      HeartbeatSeconds: 100,
      End: true,
    };
    const tokens: string[] = [];
    const functions = { ask: (token: string) => void tokens.push(token) };
    const first = world({ store: openStore(file), functions });
    const arn = await start(first, machine({ Ask: ask }));
    const lapsing = await start(first, machine({ Ask: ask }));
    await first.clock.advance(0);
    first.kernel.store.close();

    const second = world({ store: openStore(file), functions, start: NOON + 99_000 });
    second.states.resume();
    await second.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0] ?? "", output: "1" }));
    await second.clock.advance(1000);
    expect(await describe(second, arn)).toMatchObject({ status: "SUCCEEDED", output: "1" });
    expect(await describe(second, lapsing)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(tokens).toHaveLength(2);
    second.kernel.store.close();
  });

  it("and goes on when the store could not write for a moment", async () => {
    const store = openStore(file);
    let refusals = 0;
    const failing: EngineStore = {
      ...bound(store),
      transaction(work) {
        if (refusals-- > 0) throw new Error("disk full");
        return store.transaction(work);
      },
    };
    const w = world({ store: failing, functions: { f: () => "ok" } });
    const arn = await start(
      w,
      machine({ W: { Type: "Wait", Seconds: 10, Next: "F" }, F: call("f", { End: true }) }),
    );
    await w.clock.advance(5000);
    refusals = 3;
    await w.clock.advance(20_000);
    expect(await describe(w, arn)).toMatchObject({ status: "SUCCEEDED", output: '"ok"' });
    expect(w.invocations).toHaveLength(1);
    store.close();
  });

  it("and leaves nothing in memory once it has ended", async () => {
    const w = world({ store: openStore(file) });
    const stateMachineArn = await create(
      w,
      machine({ A: { Type: "Pass", Output: { x: "y".repeat(500) }, End: true } }),
    );
    const run = async (count: number) => {
      for (let n = 0; n < count; n++) w.states.starter.start(stateMachineArn, undefined, { n });
      await w.clock.advance(0);
      w.events.length = 0;
      return heapUsed();
    };
    const before = await run(200);
    const after = await run(2000);
    expect(w.kernel.store.table("states/open").size).toBe(0);
    expect(w.kernel.store.archive("states/closed").count()).toBe(2200);
    expect((after - before) / 2000).toBeLessThan(512);
    const page = await w.client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "SUCCEEDED", maxResults: 3 }),
    );
    expect(page.executions).toHaveLength(3);
    w.kernel.store.close();
  }, 60_000);
});

/** Resolves soon after the process has died: work that it left undone never ends. */
async function died(isDead: () => boolean): Promise<void> {
  while (!isDead()) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The tokens that someone has been asked to answer. */
function openTokens(w: World, arn: string): string[] {
  const open = w.kernel.store.table<OpenExecution>("states/open").get(arn);
  const calls = open === undefined ? [] : openCalls(open.position);
  return calls.filter(({ phase }) => phase === "submitted").map(({ id }) => taskToken(arn, id));
}
