import type { Examination } from "@gonogo/client/contract";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS } from "./problem.ts";

const route = createRoute({
  method: "get",
  path: "/v1/doctor",
  tags: ["Deployment"],
  summary: "Look the whole deployment over",
  description:
    "Table, stream, rules, functions, secrets, clock, and what active releases stand on. Nothing changes.",
  responses: { 200: answers<Examination>("What was found, the worst first."), ...REFUSALS },
});

export function addDoctor(app: OpenAPIHono<Api>, { doctor, clock }: Serving): void {
  app.openapi(route, async (c) => {
    const { findings } = (await doctor.examine()) as Pick<Examination, "findings">;
    return c.json({ at: clock.now(), findings }, 200);
  });
}
