import type { DeploymentsPage } from "@gonogo/client/contract";
import { deploymentsCsv, deploymentsJsonLines } from "@gonogo/core/history/lines";
import { parseInstant } from "@gonogo/core/kit/instant";
import { line } from "@gonogo/core/kit/schema";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS } from "./problem.ts";

const moment = z
  .string()
  .max(40)
  .transform((text, context) => {
    const read = parseInstant(text);
    if (read !== undefined) return read;
    context.addIssue({ code: "custom", message: "is no moment such as 2026-03-10T02:00:00Z" });
    return z.NEVER;
  });

const route = createRoute({
  method: "get",
  path: "/v1/deployments",
  tags: ["Audit"],
  summary: "What was deployed, and what was put back, the newest first",
  description:
    "One entry a release that started. With `component` a page may be short, or empty, and have a next one all the " +
    "same. As `jsonl` and `csv` the next page's `after` is in the header `x-next`.",
  request: {
    query: z.object({
      environment: line.optional(),
      component: line.optional(),
      from: moment.optional().describe("Started at this moment or later."),
      to: moment.optional().describe("Started before this moment."),
      as: z.enum(["json", "jsonl", "csv"]).default("json"),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      after: z
        .string()
        .regex(/^[0-9TZ:.-]{20,30}#.{1,64}$/, "is not what `next` was on the page before")
        .optional(),
    }),
  },
  responses: {
    200: {
      description: "A page.",
      content: {
        ...answers<DeploymentsPage>("A page.").content,
        "application/x-ndjson": { schema: z.string() },
        "text/csv": { schema: z.string() },
      },
    },
    ...REFUSALS,
  },
});

export function addDeployments(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(route, async (c) => {
    const { as, limit, after, environment, component, from, to } = c.req.valid("query");
    const { items, next } = await runtime.store.deployments({
      limit,
      ...(after === undefined ? {} : { after }),
      ...(environment === undefined ? {} : { environment }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const found = items.filter(
      ({ components }) => component === undefined || components.some(({ id }) => id === component),
    );
    const people = found.flatMap(({ operator, approvals, rollback }) => [
      ...(operator === undefined ? [] : [operator]),
      ...approvals.map(({ by }) => by),
      ...(rollback === undefined ? [] : [rollback.by]),
    ]);
    const names = await runtime.store.names(people);
    if (next !== undefined) c.header("x-next", next);
    switch (as) {
      case "json":
        return c.json({ items: found, names, ...(next === undefined ? {} : { next }) }, 200);
      case "jsonl":
        return c.body(deploymentsJsonLines(found), 200, { "content-type": "application/x-ndjson" });
      case "csv": {
        const text = deploymentsCsv(found, (id) => names[id] ?? id);
        return c.body(text, 200, {
          "content-type": "text/csv; charset=utf-8; header=present",
          "content-disposition": 'attachment; filename="deployments.csv"',
        });
      }
    }
  });
}
