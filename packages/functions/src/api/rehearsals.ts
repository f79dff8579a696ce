import { releasesIn } from "@gonogo/adapters/history/index";
import type { CommandResult, Page } from "@gonogo/client/contract";
import { principal } from "@gonogo/core/actor/schema";
import type { Past } from "@gonogo/core/check/history";
import { digestOf, shortDigest } from "@gonogo/core/kit/digest";
import { hasErrors } from "@gonogo/core/kit/problem";
import type { Plan } from "@gonogo/core/plan/schema";
import { placeOf, rehearsalPlan } from "@gonogo/core/rehearsal/derive";
import { type Drill, drillsOf, type RehearsalEntry, rehearsalsIn } from "@gonogo/core/rehearsal/drills";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers, badPlan, PlanText, readAndLint } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { submitPlan } from "./submit.ts";

const Key = z.object({
  "idempotency-key": z
    .string({
      error: "every write needs an Idempotency-Key header: any text of your own, new for each request",
    })
    .min(1)
    .max(200),
});
const Rehearsal = z
  .strictObject({
    ...PlanText.shape,
    to: z.string().min(1).max(63).optional().describe("The phase to go to; unset, the last."),
    environment: z.string().min(1).max(200).optional().describe("Where; it has to be the plan's own."),
  })
  .openapi("RehearsalRequest");

const tags = ["Rehearsals"];

const routes = {
  rehearse: createRoute({
    method: "post",
    path: "/v1/rehearsals",
    tags,
    summary: "Rehearse a plan's way back: a release of its counterparts that is put back by itself",
    request: {
      headers: Key,
      body: { required: true, content: { "application/json": { schema: Rehearsal } } },
    },
    responses: { 201: answers<CommandResult>("The rehearsal, a release of its own."), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/v1/rehearsals",
    tags,
    summary: "Rehearsals that are over, the newest first, with what was measured",
    responses: { 200: answers<Page<RehearsalEntry>>("Rehearsals."), ...REFUSALS },
  }),
  drills: createRoute({
    method: "get",
    path: "/v1/drills",
    tags,
    summary: "Which ways back are due to be drilled, the most overdue first",
    responses: { 200: answers<Page<Drill>>("Drills."), ...REFUSALS },
  }),
};

export function addRehearsals(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(routes.rehearse, async (c) => {
    const { text, file, to, environment } = c.req.valid("json");
    const key = c.req.valid("header")["idempotency-key"];
    const actor = c.get("actor");
    const { plan, problems } = readAndLint(text, file);
    if (plan === undefined || hasErrors(problems)) throw badPlan(problems);
    // The same request asked again finds the release that it began.
    const id = `${plan.id.slice(0, 48)}.R-${shortDigest(digestOf({ key, who: principal(actor) ?? null }))}`;
    const before = await runtime.store.load(id);
    if (before !== undefined) return c.json(resultOf(before.state, before.seq), 201);
    const derived = rehearsalPlan(plan, { id, now: runtime.clock.now(), to, environment });
    if (!derived.ok) throw new Refusal(422, "rehearsal.impossible", derived.message);
    refuseIfLive(await releasesIn(runtime), derived.plan);
    const outcome = await submitPlan(runtime, derived.plan, { key, actor });
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    c.header("location", `/v1/releases/${id}`);
    return c.json(resultOf(outcome.state, outcome.seq), 201);
  });
  app.openapi(routes.list, async (c) => c.json({ items: rehearsalsIn(await releasesIn(runtime)) }, 200));
  app.openapi(routes.drills, async (c) =>
    c.json({ items: drillsOf(await releasesIn(runtime), runtime.clock.now()) }, 200),
  );
}

function resultOf(state: Past["state"], seq: number): CommandResult {
  return { release: state.id, seq, status: state.status };
}

/**
 * A rehearsal asks for no approval, so it must not move what releases of another environment move, whatever its
 * plan calls the environment.
 */
function refuseIfLive(past: readonly Past[], plan: Plan): void {
  const own = new Map(plan.components.map(({ id, target }) => [placeOf(target, id), id]));
  const here = plan.environment.toLowerCase();
  for (const { plan: other } of past) {
    if (other.environment.toLowerCase() === here) continue;
    for (const { id, target } of other.components) {
      const component = target.kind === "manual" ? undefined : own.get(placeOf(target, id));
      if (component === undefined) continue;
      const detail = `${component} would be rehearsed on what ${other.id} releases to in ${other.environment}; give it a counterpart of its own`;
      throw new Refusal(422, "rehearsal.live-target", detail);
    }
  }
}
