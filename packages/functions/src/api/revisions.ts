import type { CommandResult, ForeseenRevision } from "@gonogo/client/contract";
import { hasErrors } from "@gonogo/core/kit/problem";
import { planDifference } from "@gonogo/core/plan/difference";
import { planDigest } from "@gonogo/core/plan/digest";
import type { Loaded } from "@gonogo/core/release/ports";
import type { Revise } from "@gonogo/core/revision/schema";
import { foresee } from "@gonogo/core/view/foresee";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { tellOfCalendar } from "../events/calendar.ts";
import { CALENDAR_CHANGED, execute, type Outcome } from "../execute.ts";
import { attempt } from "../follow-up.ts";
import type { Api, Serving } from "./context.ts";
import { governedForRevision, readForRevision } from "./governed.ts";
import type { ApiOptions } from "./options.ts";
import { answers, PlanText } from "./plans.ts";
import { badPlan, REFUSALS } from "./problem.ts";
import { Id, json, Key, load, nameKeeper, resultOf } from "./releases.ts";
import { pin, pinnedAs, refuseIfBlocked, refuseIfPast } from "./submit.ts";

const Revision = PlanText.extend({
  from: z
    .string()
    .min(1)
    .max(200)
    .describe("The digest of the plan that was read, `planDigest` of the release."),
  reason: z.string().trim().min(1).max(2_000).optional(),
}).openapi("Revision");
type Revision = z.infer<typeof Revision>;

const tags = ["Releases"];
const routes = {
  revise: createRoute({
    method: "post",
    path: "/v1/releases/{id}/revisions",
    tags,
    summary: "Revise the plan of a release that has not started",
    description:
      "What was approved, voted and answered of the plan before falls, and whoever revises it approves nothing of it.",
    request: { params: Id, headers: Key, body: json(Revision) },
    responses: { 201: answers<CommandResult>("The release, with the new revision."), ...REFUSALS },
  }),
  preview: createRoute({
    method: "post",
    path: "/v1/releases/{id}/revisions/preview",
    tags,
    summary: "What a revision would change and make void; nothing is recorded",
    request: { params: Id, body: json(Revision) },
    responses: {
      200: answers<ForeseenRevision>("What would happen, or why it would be refused."),
      ...REFUSALS,
    },
  }),
};

export function addRevisions(app: OpenAPIHono<Api>, runtime: Serving, options: ApiOptions): void {
  const rememberName = nameKeeper(runtime);
  app.openapi(routes.revise, async (c) => {
    const { id } = c.req.valid("param");
    const key = c.req.valid("header")["idempotency-key"];
    const outcome = await revise(runtime, id, c.req.valid("json"), { key, actor: c.get("actor") });
    await rememberName(c, outcome);
    const result = resultOf(outcome);
    if (outcome.ok) options.onSubmitted?.(outcome.plan);
    return c.json(result, 201);
  });
  app.openapi(routes.preview, async (c) => {
    const loaded = await load(runtime, c.req.valid("param").id);
    const actor = c.get("actor");
    const { reason, ...asked } = c.req.valid("json");
    const { body } = await wish(runtime, loaded, asked, actor);
    const at = runtime.clock.now();
    const command = { id: "preview", at, actor, reason: reason ?? "(your reason)", body };
    const foreseen = foresee(loaded.plan, loaded.state, command);
    return c.json({ ...foreseen, changes: planDifference(loaded.plan, body.plan) }, 200);
  });
}

const MOST_TRIES = 5;

/** Takes a revision in, as a submission is: read, held against policy and calendar, linted, settled. */
async function revise(
  runtime: Serving,
  id: string,
  { reason, ...asked }: Revision,
  { key, actor }: { readonly key: string; readonly actor: Parameters<typeof wish>[3] },
): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    const loaded = await load(runtime, id);
    const { body, deploymentAt } = await wish(runtime, loaded, asked, actor);
    const outcome = await execute(runtime, {
      release: id,
      id: key,
      actor,
      reason,
      body,
      ...(deploymentAt === undefined ? {} : { deploymentAt }),
    });
    if (outcome.ok) {
      await attempt(runtime, "tell it of the calendar", async () => {
        await tellOfCalendar(runtime, id);
      });
      return outcome;
    }
    // Another policy may have come into force in this moment: then it is that one which counts.
    if (outcome.rejection.code !== CALENDAR_CHANGED || tries === MOST_TRIES) return outcome;
  }
}

async function wish(
  runtime: Serving,
  loaded: Loaded,
  { text, file, from }: Omit<Revision, "reason">,
  actor: Parameters<typeof governedForRevision>[3],
): Promise<{ body: Revise; deploymentAt?: number }> {
  const { state } = loaded;
  const { plan, problems, governed } = await readForRevision(runtime, { text, file, actor }, loaded);
  if (plan === undefined) throw badPlan(problems);
  const asBefore = await governedForRevision(runtime, pinnedAs(plan, loaded.plan), loaded, actor).catch(
    () => undefined,
  );
  // Asked a second time, or nothing of it is new: what was left open stays as it was settled.
  const isSame = asBefore !== undefined && planDigest(asBefore.plan) === state.plan;
  const isOpen = state.status === "gates" || state.status === "ready";
  if (isSame || !isOpen || from !== state.plan) {
    const { deploymentAt: _, ...known } = asBefore ?? { plan, deploymentAt: undefined };
    return { body: { type: "Revise", from, ...known } };
  }
  if (hasErrors(problems) || governed === undefined) throw badPlan(problems);
  refuseIfPast(runtime, plan);
  const pinned = await pin(runtime, plan);
  await refuseIfBlocked(runtime, pinned);
  const { deploymentAt, ...settled } = await governedForRevision(runtime, pinned, loaded, actor);
  return {
    body: { type: "Revise", from, ...settled },
    ...(deploymentAt === undefined ? {} : { deploymentAt }),
  };
}
