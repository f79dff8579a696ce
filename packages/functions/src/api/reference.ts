import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Api } from "./context.ts";
import { renderReference } from "./render-reference.ts";
import { SCOPE_OF } from "./scopes.ts";

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
  const document = () => withScopes(app.getOpenAPI31Document(INFO));
  app.get("/openapi.json", (c) => c.json(document()));
  app.get("/docs", (c) => c.html(renderReference(document())));
}

/** Says of each route what a tool's key has to be good for. */
function withScopes<D extends { readonly paths?: object }>(document: D): D {
  const paths = Object.entries((document.paths ?? {}) as Record<string, Record<string, object>>).map(
    ([path, methods]): [string, object] => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          { ...operation, "x-gonogo-scope": SCOPE_OF[`${method} ${path}`] ?? "none" },
        ]),
      ),
    ],
  );
  return { ...document, paths: Object.fromEntries(paths) };
}
