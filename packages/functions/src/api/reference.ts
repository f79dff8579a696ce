import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Api } from "./context.ts";
import { renderReference } from "./render-reference.ts";

const INFO = {
  openapi: "3.1.0",
  info: {
    title: "gonogo",
    version: "1",
    description:
      "Runs a release from its plan and puts it back when an alarm fires. Every write takes an Idempotency-Key: the same request with the same key is done once.",
  },
} as const;

/** `/openapi.json`, and the same to read at `/docs`. */
export function addReference(app: OpenAPIHono<Api>): void {
  app.doc31("/openapi.json", INFO);
  app.get("/docs", (c) => c.html(renderReference(app.getOpenAPI31Document(INFO))));
}
