import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { type Call, HOUR, MINUTE, NOON, recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents, type Events } from "./index.ts";

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:one";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gonogo-events-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Engine = ReturnType<typeof virtualKernel> & { events: Events };

/** One life of the engine over the same file. Closing it without ceremony is what a crash does. */
async function life(
  start: number,
  run: (engine: Engine) => Promise<unknown> | undefined,
  behave: (call: Call) => void | Promise<void> = () => {},
) {
  const store = openStore(join(folder, "engine.sqlite"));
  const engine = virtualKernel({ store, start, seed: start });
  const delivery = recordingDelivery(() => engine.clock.now());
  delivery.port.behave = behave;
  const events = createEvents(engine.kernel, { delivery: delivery.port });
  engine.kernel.register(events.service);
  events.resume();
  const running = run({ ...engine, events });
  // Where nothing is waited for, the crash comes before any work that was begun could run.
  if (running !== undefined) await running;
  store.close();
  return delivery.calls.map(({ input }) => (input as { detail: { n: number } }).detail.n);
}

async function setUp({ kernel }: Engine) {
  await kernel.call("events", "PutRule", { Name: "a", EventPattern: '{"source":["gonogo"]}' });
  await kernel.call("events", "PutTargets", { Rule: "a", Targets: [{ Id: "1", Arn: lambda }] });
}

const put = ({ kernel }: Engine, ...numbers: number[]) =>
  kernel.call("events", "PutEvents", {
    Entries: numbers.map((n) => ({ Source: "gonogo", DetailType: "T", Detail: JSON.stringify({ n }) })),
  });

describe("after a restart", () => {
  it("buses, rules and targets are there", async () => {
    await life(NOON, setUp);
    const delivered = await life(NOON + HOUR, async (engine) => {
      await put(engine, 1);
      await engine.clock.advance(0);
    });
    expect(delivered).toEqual([1]);
  });

  it("what was accepted and not delivered is delivered, in order", async () => {
    const first = await life(
      NOON,
      async (engine) => {
        await setUp(engine);
        await put(engine, 1, 2, 3);
        await put(engine, 4);
        expect(engine.events.openDeliveries).toBe(4);
      },
      () => new Promise(() => {}),
    );
    expect(first).toEqual([]);
    expect(await life(NOON + 3 * HOUR, ({ clock }) => clock.advance(0))).toEqual([1, 2, 3, 4]);
    expect(await life(NOON + 4 * HOUR, ({ clock }) => clock.advance(HOUR))).toEqual([]);
  });

  it("a delivery that waited for a retry is tried when that is due", async () => {
    const down = () => {
      throw new AwsError("ServiceException", "down", 500);
    };
    await life(
      NOON,
      async (engine) => {
        await setUp(engine);
        await put(engine, 1);
        await engine.clock.advance(2 * MINUTE);
      },
      down,
    );
    expect(await life(NOON + 3 * MINUTE, ({ clock }) => clock.advance(20 * MINUTE))).toEqual([1]);
  });

  it("a delivery older than a day is still tried once before it is given up", async () => {
    await life(NOON, async (engine) => {
      await setUp(engine);
      engine.events.disturb = () => [MINUTE];
      await put(engine, 1);
    });
    expect(await life(NOON + 72 * HOUR, ({ clock }) => clock.advance(0))).toEqual([1]);
  });

  it("duplicates that were promised still come", async () => {
    const first = await life(NOON, async (engine) => {
      await setUp(engine);
      engine.events.disturb = () => [0, HOUR];
      await put(engine, 1);
      await engine.clock.advance(0);
    });
    expect(first).toEqual([1]);
    expect(await life(NOON + MINUTE, ({ clock }) => clock.advance(2 * HOUR))).toEqual([1]);
  });

  it("a replay that was promised is made", async () => {
    await life(NOON, async (engine) => {
      await setUp(engine);
      const source = "arn:aws:events:us-east-1:123456789012:event-bus/default";
      await engine.kernel.call("events", "CreateArchive", { ArchiveName: "kept", EventSourceArn: source });
      await put(engine, 1, 2, 3);
      await engine.clock.advance(0);
    });
    const inTime = await life(NOON + HOUR, ({ kernel }) => {
      void kernel.call("events", "StartReplay", {
        ReplayName: "again",
        EventSourceArn: "arn:aws:events:us-east-1:123456789012:archive/kept",
        EventStartTime: new Date(NOON),
        EventEndTime: new Date(NOON + HOUR),
        Destination: { Arn: "arn:aws:events:us-east-1:123456789012:event-bus/default" },
      });
      return undefined;
    });
    expect(inTime).toEqual([]);
    expect(await life(NOON + 2 * HOUR, ({ clock }) => clock.advance(0))).toEqual([1, 2, 3]);
    expect(await life(NOON + 3 * HOUR, ({ clock }) => clock.advance(0))).toEqual([]);
  });

  it("dead letters are there", async () => {
    await life(
      NOON,
      async (engine) => {
        await setUp(engine);
        await put(engine, 1);
        await engine.clock.advance(0);
      },
      () => {
        throw new AwsError("AccessDeniedException", "no", 403);
      },
    );
    await life(NOON + HOUR, async ({ events }) => {
      expect(events.deadLetters.read()).toMatchObject([{ body: { detail: { n: 1 } } }]);
    });
  });

  it("a service's event is undone with the transaction that it was part of", async () => {
    const delivered = await life(NOON, async (engine) => {
      await setUp(engine);
      const event = { source: "gonogo", detailType: "T", resources: [], detail: { n: 1 } };
      expect(() =>
        engine.kernel.store.transaction(() => {
          engine.events.sink.put(event);
          throw new Error("undone");
        }),
      ).toThrow("undone");
      engine.events.sink.put({ ...event, detail: { n: 2 } });
      await engine.clock.advance(0);
    });
    expect(delivered).toEqual([2]);
  });
});
