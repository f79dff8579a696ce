import { releasesIn } from "@gonogo/adapters/history/index";
import type { CheckedPlan, ImportedPlan, Matrix, Preview, SimulationResult } from "@gonogo/client/contract";
import { decisionMatrix } from "@gonogo/core/decision/matrix";
import { hasErrors, type Problem } from "@gonogo/core/kit/problem";
import { planJsonSchema } from "@gonogo/core/plan/json-schema";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import type { Around } from "@gonogo/core/plan/lint/rule";
import { previewOf } from "@gonogo/core/plan/preview";
import { planDigest, readPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { writePlan } from "@gonogo/core/plan/write";
import { measuredRollback } from "@gonogo/core/rehearsal/drills";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { adviseOn } from "./governed.ts";
import type { ApiOptions } from "./options.ts";
import { badPlan, REFUSALS, Refusal } from "./problem.ts";

export { badPlan } from "./problem.ts";

export const PlanText = z
  .strictObject({
    text: z.string().describe("The plan, in YAML or JSON."),
    file: z.string().max(200).default("plan.yaml").describe("What problems call it."),
  })
  .openapi("PlanText");

const Documents = z.strictObject({
  documents: z
    .array(z.strictObject({ name: z.string().max(200), text: z.string() }))
    .min(1)
    .max(10),
});

const Simulation = z.strictObject({
  ...PlanText.shape,
  alarms: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        at: z.string().describe("T+17m"),
        for: z.string().optional().describe("How long it stays red; unset, to the end."),
      }),
    )
    .max(20)
    .default([]),
  people: z.enum(["punctual", "absent"]).default("punctual"),
  quick: z.boolean().default(false).describe("By the rules alone, without the machines between them."),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
});

/** A JSON answer whose form is a TypeScript type of the client. */
export function answers<T>(description: string) {
  const schema = z.custom<T>().openapi({ type: "object", description });
  return { description, content: { "application/json": { schema } } };
}

function jsonBody<S extends z.ZodType>(schema: S) {
  return { body: { required: true, content: { "application/json": { schema } } } };
}

const tags = ["Plans"];

const routes = {
  schema: createRoute({
    method: "get",
    path: "/v1/plan.schema.json",
    tags,
    summary: "The JSON Schema of a plan, for editors",
    responses: { 200: answers<Record<string, unknown>>("JSON Schema, draft 2020-12."), ...REFUSALS },
  }),
  check: createRoute({
    method: "post",
    path: "/v1/plans/check",
    tags,
    summary: "Check a plan: its schema, and what lint finds",
    request: jsonBody(PlanText),
    responses: { 200: answers<CheckedPlan>("What was found."), ...REFUSALS },
  }),
  import: createRoute({
    method: "post",
    path: "/v1/plans/import",
    tags,
    summary: "Make a plan of runbooks and release plans in Markdown",
    request: jsonBody(Documents),
    responses: { 200: answers<ImportedPlan>("The plan in YAML, and what was not understood."), ...REFUSALS },
  }),
  preview: createRoute({
    method: "post",
    path: "/v1/plans/preview",
    tags,
    summary: "The timeline as it would run",
    request: jsonBody(PlanText),
    responses: { 200: answers<Preview>("One row for each thing that happens."), ...REFUSALS },
  }),
  matrix: createRoute({
    method: "post",
    path: "/v1/plans/matrix",
    tags,
    summary: "What the plan does when it looks bad, and who decides",
    request: jsonBody(PlanText),
    responses: { 200: answers<Matrix>("One row for each trigger, the most urgent first."), ...REFUSALS },
  }),
  simulate: createRoute({
    method: "post",
    path: "/v1/simulations",
    tags,
    summary: "Run a plan on a virtual clock, with the freezes and windows of the deployment's calendar",
    request: jsonBody(Simulation),
    responses: { 200: answers<SimulationResult>("What would happen, with its log."), ...REFUSALS },
  }),
};

/** What the deployment's calendar does to a plan; nothing where the store is away, for this is advice. */
async function advised(runtime: Serving): Promise<Around> {
  try {
    return { calendar: (await runtime.store.deployment()).state.calendar };
  } catch (error) {
    if (error instanceof StoreUnavailable) return {};
    throw error;
  }
}

export function addPlans(app: OpenAPIHono<Api>, runtime: Serving, options: ApiOptions): void {
  app.openapi(routes.schema, (c) => c.json(planJsonSchema() as Record<string, unknown>, 200));
  app.openapi(routes.check, async (c) => {
    const { text, file } = c.req.valid("json");
    const { plan, governed, problems } = await adviseOn(runtime, { text, file, actor: c.get("actor") });
    if (plan === undefined) return c.json({ ok: false, problems }, 200);
    const filled =
      governed?.policy === undefined
        ? {}
        : {
            governed: {
              policy: governed.policy,
              digest: planDigest(governed.plan),
              yaml: writePlan(governed.plan),
            },
          };
    return c.json({ ok: !hasErrors(problems), problems, digest: planDigest(plan), plan, ...filled }, 200);
  });
  app.openapi(routes.import, async (c) => {
    // Large, and rarely asked for: loaded when it is.
    const { importDocuments } = await import("@gonogo/core/document/import");
    const { plan, problems } = importDocuments(c.req.valid("json").documents);
    return c.json(
      { ok: plan !== undefined, problems, ...(plan === undefined ? {} : { yaml: writePlan(plan) }) },
      200,
    );
  });
  app.openapi(routes.preview, async (c) => {
    const { text, file } = c.req.valid("json");
    const around = await advised(runtime);
    const { plan, problems } = readAndLint(text, file, around);
    if (plan === undefined) throw badPlan(problems);
    const { environment } = plan.rehearse ?? {};
    const past = environment === undefined ? [] : await releasesIn(runtime, environment);
    const rollback = measuredRollback(past, Object.keys(plan.rehearse?.targets ?? {}));
    const rows = previewOf(plan, around.calendar);
    return c.json({ rows, problems, ...(rollback === undefined ? {} : { rollback }) }, 200);
  });
  app.openapi(routes.matrix, (c) => {
    const { text, file } = c.req.valid("json");
    const { plan, problems } = readAndLint(text, file);
    if (plan === undefined) throw badPlan(problems);
    return c.json({ rows: decisionMatrix(plan), problems }, 200);
  });
  app.openapi(routes.simulate, async (c) => {
    const request = c.req.valid("json");
    if (options.simulate === undefined) {
      const detail = "this deployment has no simulator; npm start has one, and runs the same plans";
      throw new Refusal(404, "simulate.not-here", detail);
    }
    const { governed, problems } = await adviseOn(runtime, { ...request, actor: c.get("actor") });
    if (governed === undefined || hasErrors(problems)) throw badPlan(problems);
    const { plan } = governed;
    const alarms = request.alarms.map(({ name, at, for: length }) => ({
      name,
      at,
      ...(length === undefined ? {} : { for: length }),
    }));
    return c.json(await options.simulate(plan, { ...request, alarms }, await advised(runtime)), 200);
  });
}

/** A plan and everything that is wrong with it, each with its place in the text. */
export function readAndLint(
  text: string,
  file: string,
  around: Around = {},
): { plan?: Plan; problems: readonly Problem[] } {
  const read = readPlan(text, file);
  if (read.plan === undefined) return { problems: read.problems };
  const found = lintPlan(read.plan, undefined, around).map((problem) =>
    problem.pointer === undefined ? problem : { ...problem, place: read.locate(problem.pointer) },
  );
  return { plan: read.plan, problems: [...read.problems, ...found] };
}
