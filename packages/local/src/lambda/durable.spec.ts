import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore } from "../kernel/store.ts";
import { NOON, recordingDeadLetters, virtualKernel } from "../scheduler/testing.ts";
import type { Handler } from "./define.ts";
import { createLambda, type Lambda } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gonogo-lambda-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Engine = ReturnType<typeof virtualKernel> & { lambda: Lambda };

/** One life of the engine over the same file. */
async function life(start: number, handler: Handler | undefined, run: (engine: Engine) => Promise<unknown>) {
  const store = openStore(join(folder, "engine.sqlite"));
  const engine = virtualKernel({ store, start, seed: start });
  const dead = recordingDeadLetters();
  const lambda = createLambda(engine.kernel, { metrics: { put: () => {} }, deadLetters: dead.port });
  engine.kernel.register(lambda.service);
  if (handler !== undefined) lambda.define("work", { code: () => handler });
  lambda.resume();
  await run({ ...engine, lambda });
  store.close();
  return { letters: dead.letters, errors: engine.errors };
}

const MINUTE = 60_000;

it("versions, aliases and revisions outlive the process", async () => {
  let before: unknown;
  const alias = { FunctionName: "work", Name: "live" };
  await life(
    NOON,
    async () => null,
    async ({ kernel }) => {
      await kernel.call("lambda", "PublishVersion", { FunctionName: "work" });
      before = await kernel.call("lambda", "CreateAlias", { ...alias, FunctionVersion: "1" });
    },
  );
  await life(
    NOON + MINUTE,
    async () => null,
    async ({ kernel }) => {
      expect(await kernel.call("lambda", "GetAlias", alias)).toEqual(before);
      expect(await kernel.call("lambda", "PublishVersion", { FunctionName: "work" })).toMatchObject({
        Version: "2",
      });
    },
  );
});

it("an accepted event that was not handled is handled after the restart, with the tries that are left", async () => {
  const seen: unknown[] = [];
  const failing: Handler = async (event) => {
    seen.push(event);
    throw new Error("down");
  };
  await life(NOON, failing, async ({ lambda, clock }) => {
    lambda.invoker.invokeLater("work", { n: 1 });
    await clock.advance(30_000);
  });
  expect(seen).toHaveLength(1);
  const { letters } = await life(NOON + 10 * MINUTE, failing, ({ clock }) => clock.advance(10 * MINUTE));
  expect(seen).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
  expect(letters).toHaveLength(1);
  await life(NOON + 60 * MINUTE, failing, ({ clock }) => clock.advance(60 * MINUTE));
  expect(seen).toHaveLength(3);
});

it("an event waits for code that is not registered yet", async () => {
  const seen: unknown[] = [];
  await life(
    NOON,
    async () => null,
    async ({ lambda }) => lambda.invoker.invokeLater("work", { n: 2 }),
  );
  const without = await life(NOON + MINUTE, undefined, ({ clock }) => clock.advance(MINUTE));
  expect(without.letters).toEqual([]);
  await life(
    NOON + 10 * MINUTE,
    async (event) => seen.push(event),
    ({ clock }) => clock.advance(10 * MINUTE),
  );
  expect(seen).toEqual([{ n: 2 }]);
});
