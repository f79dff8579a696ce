import type { Api } from "@gonogo/functions/api/context";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import type { Changes } from "./changes.ts";

/** A sign of life at least this often, on the wall: whoever hears none for twice as long knows. */
const ALIVE_MS = 5_000;

/**
 * `GET /v1/events`: what is written, as it is written, as server-sent events. With `last-event-id` it goes on
 * from there; where that lies too far back it says `reset`, and everything is to be read again.
 */
export function addEvents(app: OpenAPIHono<Api>, changes: Changes): void {
  app.get("/v1/events", (c) => {
    const after = c.req.header("last-event-id");
    c.header("cache-control", "no-store");
    c.header("x-accel-buffering", "no");
    return streamSSE(c, async (stream) => {
      const queue = [...(after === undefined ? [] : (changes.since(after) ?? []))];
      const isLost = after !== undefined && changes.since(after) === undefined;
      let wake = () => {};
      const unlisten = changes.listen((change) => {
        queue.push(change);
        wake();
      });
      stream.onAbort(() => {
        unlisten();
        wake();
      });
      try {
        // The first answer comes at once, so that it is known that somebody listens.
        await stream.write(`: here\nid: ${changes.here}\n\n`);
        if (isLost) await stream.writeSSE({ event: "reset", id: changes.here, data: "{}" });
        while (!stream.aborted && !stream.closed) {
          const next = queue.shift();
          if (next !== undefined) {
            const { n, release, seq } = next;
            const data = JSON.stringify({ release, seq });
            await stream.writeSSE({ event: "changed", id: `${changes.epoch}-${n}`, data });
            continue;
          }
          const woken = await new Promise<boolean>((resolve) => {
            const timer = setTimeout(() => resolve(false), ALIVE_MS);
            timer.unref();
            wake = () => {
              clearTimeout(timer);
              resolve(true);
            };
          });
          if (!woken) await stream.write(": alive\n\n");
        }
      } finally {
        unlisten();
      }
    });
  });
}
