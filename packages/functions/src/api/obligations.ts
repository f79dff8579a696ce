import type { CommandResult, OwedItem, Page } from "@gonogo/client/contract";
import { obligationViews } from "@gonogo/core/obligation/view";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { execute } from "../execute.ts";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS } from "./problem.ts";
import { Id, json, Key, nameKeeper, resultOf } from "./releases.ts";

const tags = ["Obligations"];
const Proof = z
  .strictObject({
    note: z.string().trim().min(1).max(10_000).optional().describe("What was done."),
    evidence: z.string().trim().min(1).max(10_000).optional().describe("Where that can be seen."),
  })
  .openapi("Proof");

const routes = {
  list: createRoute({
    method: "get",
    path: "/v1/obligations",
    tags,
    summary: "What people owe, of the newest releases first",
    description:
      "A page is of releases: it may hold fewer or more obligations than `limit`, and none where the role or the component leaves none.",
    request: {
      query: z.object({
        open: z
          .enum(["true", "false"])
          .default("true")
          .describe("`false`: of releases that owe nothing any more."),
        role: z.string().min(1).max(500).optional(),
        component: z.string().min(1).max(64).optional(),
        limit: z.coerce.number().int().min(1).max(100).default(25),
        after: z
          .string()
          .regex(/^[0-9TZ:.-]{20,30}#.{1,64}$/, "is not what `next` was on the page before")
          .optional(),
      }),
    },
    responses: { 200: answers<Page<OwedItem>>("A page."), ...REFUSALS },
  }),
  complete: createRoute({
    method: "post",
    path: "/v1/releases/{id}/obligations/{obligation}/complete",
    tags,
    summary: "Say that something owed is done",
    request: {
      params: Id.extend({ obligation: z.string().min(1).max(64) }),
      headers: Key,
      body: json(Proof),
    },
    responses: { 200: answers<CommandResult>("It is on record."), ...REFUSALS },
  }),
};

/** What people owe after a release, across releases. */
export function addObligations(app: OpenAPIHono<Api>, runtime: Serving): void {
  const rememberName = nameKeeper(runtime);
  app.openapi(routes.list, async (c) => {
    const { open, role, component, limit, after } = c.req.valid("query");
    const which = open === "true" ? "open" : "closed";
    const page = await runtime.store.leftovers(which, { limit, ...(after === undefined ? {} : { after }) });
    const now = runtime.clock.now();
    const found = await Promise.all(page.items.map((id) => runtime.store.load(id)));
    const items = found.flatMap((loaded): OwedItem[] => {
      if (loaded === undefined) return [];
      const { plan, state } = loaded;
      const components = plan.components.map(({ id }) => id);
      if (component !== undefined && !components.includes(component)) return [];
      const about = { release: state.id, title: state.title, environment: state.environment, components };
      return obligationViews(state, now)
        .filter((one) => (which === "closed" || one.open) && (role === undefined || one.role === role))
        .map((one) => ({ ...about, ...one }));
    });
    return c.json({ items, ...(page.next === undefined ? {} : { next: page.next }) }, 200);
  });
  app.openapi(routes.complete, async (c) => {
    const { id, obligation } = c.req.valid("param");
    const { note, evidence } = c.req.valid("json");
    const outcome = await execute(runtime, {
      release: id,
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      body: {
        type: "CompleteObligation",
        obligation,
        ...(note === undefined ? {} : { note }),
        ...(evidence === undefined ? {} : { evidence }),
      },
    });
    await rememberName(c, outcome);
    return c.json(resultOf(outcome), 200);
  });
}
