import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HOUR, NOON, virtualKernel } from "../scheduler/testing.ts";
import { backoff, failureOf, type GaveUp, InvalidInput, retryPolicy } from "./attempts.ts";
import { Outbox, type OutboxItem } from "./outbox.ts";
import { seededRandom } from "./random.ts";
import { openStore } from "./store.ts";
import { AwsError } from "./wire.ts";

const item = (at: number, policy = {}): OutboxItem => ({
  acceptedAt: at,
  dueAt: at,
  failures: 0,
  policy: retryPolicy(policy),
});

/** An outbox whose work always fails with `error`; answers when it was tried and how it was given up. */
async function failing(policy: object, error: unknown) {
  const { kernel, clock } = virtualKernel();
  const tries: number[] = [];
  const gaveUp: GaveUp[] = [];
  const outbox = new Outbox<OutboxItem>(kernel, "test", {
    attempt: async () => {
      tries.push(clock.now() - NOON);
      throw error;
    },
    giveUp: (_item, how) => void gaveUp.push(how),
  });
  outbox.add(item(NOON, policy));
  await clock.advance(48 * HOUR);
  expect(outbox.size).toBe(0);
  return { tries, gaveUp };
}

const throttled = new AwsError("ThrottlingException", "slow down", 429);

describe("retries", () => {
  it("fill a day with the default policy, and the last falls on its end", async () => {
    const { tries, gaveUp } = await failing({}, throttled);
    expect(gaveUp).toEqual([
      {
        failure: { code: "THROTTLING", message: "ThrottlingException: slow down", retry: true },
        exhausted: "MaximumEventAgeInSeconds",
        retries: tries.length - 1,
      },
    ]);
    expect(tries.length).toBeGreaterThan(150);
    expect(tries.length).toBeLessThanOrEqual(186);
    expect(tries.at(-1)).toBe(24 * HOUR);
  });

  it("stop at the greatest age", async () => {
    const { tries, gaveUp } = await failing({ MaximumEventAgeInSeconds: 60 }, throttled);
    expect(tries.at(-1)).toBe(60_000);
    expect(gaveUp[0]?.exhausted).toBe("MaximumEventAgeInSeconds");
  });

  it("are not made where none are allowed", async () => {
    const { tries, gaveUp } = await failing({ MaximumRetryAttempts: 0 }, throttled);
    expect(tries).toEqual([0]);
    expect(gaveUp[0]).toMatchObject({ exhausted: "MaximumRetryAttempts", retries: 0 });
  });

  it("are not made for what only a person can put right", async () => {
    const { tries, gaveUp } = await failing({}, new AwsError("AccessDeniedException", "no", 403));
    expect(tries).toEqual([0]);
    expect(gaveUp[0]).toMatchObject({ exhausted: undefined, retries: 0 });
  });

  it("wait longer each time, within half of the doubling", () => {
    const random = seededRandom(3);
    for (let retry = 1; retry <= 30; retry++) {
      const full = Math.min(1000 * 2 ** (retry - 1), 720_000);
      const wait = backoff(retry, random);
      expect(wait).toBeGreaterThanOrEqual(full / 2);
      expect(wait).toBeLessThanOrEqual(full);
    }
  });
});

describe("how failures are classed", () => {
  it.each([
    [new AwsError("ResourceNotFoundException", "x", 404), "NO_RESOURCE", false],
    [new AwsError("StateMachineDoesNotExist", "x"), "NO_RESOURCE", false],
    [new AwsError("AccessDeniedException", "x", 403), "NO_PERMISSIONS", false],
    [new AwsError("ExecutionAlreadyExists", "x"), "RESOURCE_ALREADY_EXISTS", false],
    [new AwsError("InvalidExecutionInput", "x"), "INVALID_PARAMETER", false],
    [new InvalidInput("x"), "INVALID_JSON", false],
    [new AwsError("TooManyRequestsException", "x", 429), "THROTTLING", true],
    [new AwsError("ExecutionLimitExceeded", "x"), "RESOURCE_LIMIT_EXCEEDED", true],
    [new AwsError("ServiceException", "x", 500), "INTERNAL_ERROR", true],
    [new AwsError("SomethingNew", "x", 400), "ERROR_FROM_TARGET", true],
    [new Error("x"), "INTERNAL_ERROR", true],
  ])("%s", (error, code, retry) => {
    expect(failureOf(error)).toMatchObject({ code, retry });
  });
});

describe("the promise", () => {
  it("is kept only when the transaction around it was written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gonogo-outbox-"));
    const store = openStore(join(folder, "engine.sqlite"));
    const { kernel, clock } = virtualKernel({ store });
    const done: number[] = [];
    const outbox = new Outbox<OutboxItem & { n: number }>(kernel, "test", {
      attempt: async ({ n }) => void done.push(n),
      giveUp: () => {},
    });
    expect(() =>
      store.transaction(() => {
        outbox.add({ ...item(NOON), n: 1 });
        throw new Error("no");
      }),
    ).toThrow("no");
    store.transaction(() => outbox.add({ ...item(NOON), n: 2 }));
    await clock.advance(HOUR);
    expect(done).toEqual([2]);
    store.close();
    rmSync(folder, { recursive: true });
  });

  it("holds while the work is under way: a restart in its middle does it again", async () => {
    const { kernel, clock } = virtualKernel();
    const done: number[] = [];
    let release = () => {};
    const work = (life: number) => ({
      attempt: async () => {
        if (life === 1) await new Promise<void>((resolve) => (release = resolve));
        done.push(life);
      },
      giveUp: () => {},
    });
    new Outbox<OutboxItem>(kernel, "test", work(1)).add(item(NOON));
    // The store lives on; the process with its half-done work does not.
    const next = virtualKernel({ store: kernel.store });
    const second = new Outbox<OutboxItem>(next.kernel, "test", work(2));
    second.resume();
    await next.clock.advance(0);
    expect(done).toEqual([2]);
    expect(second.size).toBe(0);
    release();
    await clock.advance(0);
  });
});
