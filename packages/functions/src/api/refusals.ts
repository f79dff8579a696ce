import type { RefusalsOfDay } from "@gonogo/client/contract";
import { dayOf } from "@gonogo/core/refusal/schema";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS } from "./problem.ts";

const route = createRoute({
  method: "get",
  path: "/v1/refusals",
  tags: ["Audit"],
  summary: "Who was refused what on a day, from which network, and how often",
  description:
    "Requests that were not let in (401), not allowed (403) or one too many (429). What a command to a release was refused is in the release's log. Kept for 90 days; beyond 500 kinds a day, those of nobody who is known are counted by their code alone.",
  request: {
    query: z.object({
      day: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/, "is not a day such as 2026-03-01")
        .optional()
        .describe("In UTC. Unset: today."),
    }),
  },
  responses: { 200: answers<RefusalsOfDay>("The latest first."), ...REFUSALS },
});

export function addRefusals(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(route, async (c) => {
    const day = c.req.valid("query").day ?? dayOf(runtime.clock.now());
    const items = (await runtime.guard.refusals(day)).toSorted((one, other) =>
      other.last.localeCompare(one.last),
    );
    const names = await runtime.store.names(
      items.flatMap(({ who = "" }) => (who.startsWith("psn_") ? [who] : [])),
    );
    return c.json({ day, items, names }, 200);
  });
}
