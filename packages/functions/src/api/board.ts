import type { Board } from "@gonogo/client/contract";
import { principal } from "@gonogo/core/actor/schema";
import { digestOf } from "@gonogo/core/kit/digest";
import { boardEntry } from "@gonogo/core/view/board";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS } from "./problem.ts";

/** Releases that are looked at for one board; more are on the list of releases. */
const MOST = 50;

const route = createRoute({
  method: "get",
  path: "/v1/board",
  tags: ["Releases"],
  summary: "Every active release in one glance, and what is asked of whoever looks",
  description: "With If-None-Match it answers 304 while nothing has happened to any of them.",
  request: { headers: z.object({ "if-none-match": z.string().max(500).optional() }) },
  responses: {
    200: answers<Board>("The board."),
    304: { description: "Nothing has happened." },
    ...REFUSALS,
  },
});

export function addBoard(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(route, async (c) => {
    const actor = c.get("actor");
    const page = await runtime.store.list("active", { limit: MOST });
    const found = await Promise.all(page.items.map(({ id }) => runtime.store.load(id)));
    const loaded = found.flatMap((one) => (one === undefined ? [] : [one]));
    const stands = loaded.map(({ state, seq }) => `${state.id} ${seq}`);
    const etag = `"${digestOf({ who: principal(actor) ?? null, stands }).slice(7, 27)}"`;
    c.header("etag", etag);
    c.header("cache-control", "private, no-cache");
    if (c.req.valid("header")["if-none-match"]?.replace(/^W\//, "") === etag) return c.body(null, 304);
    const now = runtime.clock.now();
    const releases = loaded.map(({ plan, state }) => boardEntry(plan, state, actor, now));
    return c.json({ now, releases, more: page.next !== undefined }, 200);
  });
}
