import type { PlanDifference } from "@gonogo/client/contract";
import { planDifference } from "@gonogo/core/plan/difference";
import { PersonCommand } from "@gonogo/core/release/person-commands";
import type { Loaded, ReleaseSummary } from "@gonogo/core/release/ports";
import { lastApproved } from "@gonogo/core/revision/standing";
import { type Foreseen, foresee } from "@gonogo/core/view/foresee";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { notFound } from "../execute.ts";
import { withoutNames } from "./attendees.ts";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";

const Id = z.object({ id: z.string().min(1).max(64) });
const Command = z.strictObject({
  command: PersonCommand,
  reason: z.string().trim().min(1).max(2_000).optional(),
});

/** Earlier releases that are looked through for one of the same component. */
const MOST_EARLIER = 50;

const routes = {
  foresee: createRoute({
    method: "post",
    path: "/v1/releases/{id}/commands/preview",
    tags: ["Releases"],
    summary: "What a command would bring about now; nothing is recorded",
    request: {
      params: Id,
      body: { required: true, content: { "application/json": { schema: Command } } },
    },
    responses: { 200: answers<Foreseen>("What would happen, or why it would be refused."), ...REFUSALS },
  }),
  difference: createRoute({
    method: "get",
    path: "/v1/releases/{id}/difference",
    tags: ["Releases"],
    summary: "What the plan changes against an earlier one, field by field",
    description:
      "Against the newest earlier release of the same component, unless `with` names another or `revision` an earlier revision of the same release; `approved` is the last one that everybody who is asked had approved.",
    request: {
      params: Id,
      query: z.object({
        with: z.string().min(1).max(64).optional(),
        revision: z.union([z.literal("approved"), z.coerce.number().int().min(1).max(1_000)]).optional(),
      }),
    },
    responses: { 200: answers<PlanDifference>("The fields that differ."), ...REFUSALS },
  }),
};

export function addForesight(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(routes.foresee, async (c) => {
    const { plan, state } = await load(runtime, c.req.valid("param").id);
    const { command: asked, reason } = c.req.valid("json");
    const { command } = withoutNames(asked);
    const at = runtime.clock.now();
    const wish = { id: "preview", at, actor: c.get("actor"), reason, body: command };
    return c.json(foresee(plan, state, wish), 200);
  });
  app.openapi(routes.difference, async (c) => {
    const after = await load(runtime, c.req.valid("param").id);
    const { with: named, revision } = c.req.valid("query");
    if (revision !== undefined) return c.json(await againstRevision(runtime, after, revision), 200);
    const before = await (named === undefined ? earlier(runtime, after) : load(runtime, named));
    if (before === undefined) return c.json({ changes: [] }, 200);
    const { id, title, submittedAt, status } = before.state;
    const changes = planDifference(before.plan, after.plan);
    return c.json({ with: { id, title, submittedAt, status }, changes }, 200);
  });
}

/** What differs from an earlier revision of the same release; nothing where none was ever approved. */
async function againstRevision(
  runtime: Serving,
  { plan, state }: Loaded,
  which: "approved" | number,
): Promise<PlanDifference> {
  const n = which === "approved" ? lastApproved(state) : which;
  if (n === undefined) return { changes: [] };
  const before = n > state.revision ? undefined : await runtime.store.revision(state.id, n);
  if (before === undefined) {
    throw new Refusal(404, "revision.unknown", `${state.id} has revisions 1 to ${state.revision}, not ${n}`);
  }
  const { id, submittedAt, status } = state;
  const at = state.revisions?.find((one) => one.n === n)?.at ?? submittedAt;
  const of = { id, title: before.title, submittedAt: at, status, revision: n };
  return { with: of, changes: planDifference(before, plan) };
}

/** The newest release before this one that has a component with it. */
async function earlier(runtime: Serving, of: Loaded): Promise<Loaded | undefined> {
  const components = new Set(of.plan.components.map(({ id }) => id));
  const pages = await Promise.all(
    (["active", "ended"] as const).map((which) => runtime.store.list(which, { limit: MOST_EARLIER })),
  );
  const before = pages
    .flatMap(({ items }) => items)
    .filter((one: ReleaseSummary) => one.id !== of.state.id && one.submittedAt <= of.state.submittedAt)
    .toSorted((a, b) => b.submittedAt.localeCompare(a.submittedAt));
  for (const { id } of before) {
    const loaded = await runtime.store.load(id);
    if (loaded?.plan.components.some((component) => components.has(component.id))) return loaded;
  }
  return undefined;
}

async function load(runtime: Serving, id: string): Promise<Loaded> {
  const loaded = await runtime.store.load(id);
  if (loaded !== undefined) return loaded;
  const missing = notFound(id);
  throw missing.ok ? new Refusal(404, "release.unknown", id) : refusalOf(missing.rejection);
}
