import type { LiveEvent } from "@gonogo/client/contract";
import { readEvents } from "@gonogo/client/events";
import type { Api } from "@gonogo/functions/api/context";
import { OpenAPIHono } from "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import { Changes } from "./changes.ts";
import { addEvents } from "./events.ts";

describe("changes", () => {
  test("whoever was away hears what happened meanwhile, once and in order", () => {
    const changes = new Changes("a");
    changes.tell("R", 1);
    const here = changes.here;
    changes.tell("R", 2);
    changes.tell("S", 1);
    expect(changes.since(here)?.map(({ release, seq }) => `${release} ${seq}`)).toEqual(["R 2", "S 1"]);
    expect(changes.since(changes.here)).toEqual([]);
  });

  test("a place of another process, of the future or long ago is not known", () => {
    const changes = new Changes("a");
    for (let seq = 1; seq <= 2_100; seq++) changes.tell("R", seq);
    for (const place of ["b-3", "a-9999", "a-3", "nonsense", ""])
      expect(changes.since(place)).toBeUndefined();
    expect(changes.since("a-2099")).toHaveLength(1);
  });
});

describe("the stream", () => {
  async function heard(changes: Changes, after: string | undefined, count: number): Promise<LiveEvent[]> {
    const app = new OpenAPIHono<Api>();
    addEvents(app, changes);
    const headers: Record<string, string> = after === undefined ? {} : { "last-event-id": after };
    const response = await app.request("/v1/events", { headers });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events: LiveEvent[] = [];
    if (response.body === null) throw new Error("no body");
    for await (const event of readEvents(response.body)) {
      events.push(event);
      if (events.length === 1) queueMicrotask(() => changes.tell("R", 9));
      if (events.length === count) break;
    }
    return events;
  }

  test("says at once that it is there, and then what is written", async () => {
    const changes = new Changes("a");
    expect(await heard(changes, undefined, 2)).toEqual([
      { type: "alive", id: "a-0" },
      { type: "changed", id: "a-1", release: "R", seq: 9 },
    ]);
  });

  test("goes on after the last that was heard, or says that it cannot", async () => {
    const changes = new Changes("a");
    changes.tell("R", 7);
    const [, missed, fresh] = await heard(changes, "a-0", 3);
    expect([missed, fresh]).toEqual([
      { type: "changed", id: "a-1", release: "R", seq: 7 },
      { type: "changed", id: "a-2", release: "R", seq: 9 },
    ]);
    expect((await heard(changes, "gone-4", 2))[1]).toMatchObject({ type: "reset" });
  });
});
